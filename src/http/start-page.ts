import type { Page } from "./page.ts";

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 44rem; margin: 0 auto; padding: 1.5rem; display: grid; gap: 1rem; }
#answers > div { white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem 1rem; margin-block: .5rem; border-radius: .5rem; }
#answers > .user { background: color-mix(in srgb, currentColor 8%, transparent); }
#answers > .note { opacity: .7; font-size: .85rem; }
form { display: flex; gap: .5rem; }
textarea { flex: 1; font: inherit; padding: .5rem; min-height: 3rem; }
button { font: inherit; padding: .5rem 1rem; }
`;

const script = `
const here = location.pathname.replace(/\\/$/, "");
const answers = document.querySelector("#answers");
const show = (kind, text) => {
  const line = Object.assign(document.createElement("div"), { className: kind, textContent: text });
  answers.append(line);
  line.scrollIntoView();
  return line;
};
const known = new URLSearchParams(location.hash.slice(1)).get("conversation");
let conversationId = known ?? undefined;
const remember = (id) => { conversationId = id; history.replaceState(null, "", "#conversation=" + id); };

async function* events(response) {
  let rest = "";
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + piece).split("\\n\\n");
    rest = parts.pop();
    for (const part of parts) {
      const data = part.split("\\n").find((line) => line.startsWith("data: "));
      if (data !== undefined && data !== "data: [DONE]") yield JSON.parse(data.slice(6));
    }
  }
}
const watch = async (response) => {
  if (response.status === 204) return;
  if (!response.ok) return void show("note", (await response.json()).detail);
  let line = null;
  for await (const chunk of events(response)) {
    if (chunk.type === "start") remember(chunk.messageMetadata.conversationId);
    if (chunk.type === "text-start" || chunk.type === "reasoning-start") line = show(chunk.type === "text-start" ? "assistant" : "note", "");
    if (chunk.type === "text-delta" || chunk.type === "reasoning-delta") line.textContent += chunk.delta;
    if (chunk.type === "tool-input-available") show("note", chunk.toolName + " " + JSON.stringify(chunk.input));
    if (chunk.type === "tool-output-available") show("note", JSON.stringify(chunk.output));
    if (chunk.type === "tool-output-error" || chunk.type === "tool-input-error" || chunk.type === "error") show("note", chunk.errorText);
    if (chunk.type === "abort") show("note", "stopped");
    if (chunk.type === "reset-step") { show("note", "the answer begins again"); line = null; }
  }
};
const text = document.querySelector("textarea");
const send = () => {
  const message = text.value.trim();
  if (message === "") return;
  text.value = "";
  show("user", message);
  return fetch(here + "/v1/chat", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ conversationId, message: { text: message } }) }).then(watch);
};
document.querySelector("#send").addEventListener("click", send);
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  send();
});
document.querySelector("#stop").addEventListener("click", () => conversationId && fetch(here + "/v1/chat/" + conversationId + "/stop", { method: "POST" }));
if (known !== null) {
  const stored = await fetch(here + "/v1/conversations/" + known + "/messages?branch=active");
  for (const message of stored.ok ? (await stored.json()).data : []) {
    const said = message.parts.filter((part) => part.type === "text").map((part) => part.text).join("\\n");
    if (said !== "") show(message.role, said);
  }
  await watch(await fetch(here + "/v1/chat/" + known + "/stream"));
}
`;

/** A bare page that sends a message and shows its stream; a reload attaches to it again. */
export const startPage: Page = {
  title: "Natter",
  style,
  script,
  body: `<h1>Natter</h1>
<div id="answers" aria-live="polite"></div>
<form><textarea aria-label="Message" placeholder="Write a message; Enter sends" autofocus></textarea>
<button type="button" id="send">Send</button> <button type="button" id="stop">Stop</button></form>
<p><a href="docs">API documentation</a></p>`,
};
