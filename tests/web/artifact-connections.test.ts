import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import { artifactFrameRoutes } from "../../src/http/files/artifact-frame.ts";
import { chromiumPath, launchChromium } from "./app/chromium.ts";

const parentPage = `<!doctype html><iframe sandbox="allow-scripts" src="/artifact-frame"></iframe><script>
window.told = [];
const frame = document.querySelector("iframe");
addEventListener("message", ({ source, data }) => {
  if (data.type === "natter-artifact-frame") frame.contentWindow.postMessage({ type: "natter-artifact", html: window.content }, "*");
  else window.told.push(data);
});
</script>`;
const parentPolicy = "default-src 'none'; script-src 'unsafe-inline'; frame-src 'self'";

const script = (code: string): string => `<script>${code}</script>`;
const quoted = (html: string): string => html.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
/** As text within a script of its own. */
const literal = (html: string): string => JSON.stringify(html).replaceAll("</", "<\\/");
/** A peer that asks the other side for a relay: who asks, and by what name, is what leaves. */
const peer = (at: string): string => `try {
  const peer = new RTCPeerConnection({ iceServers: [{ urls: "turn:${at}?transport=tcp", username: "secret", credential: "x" }] });
  peer.createDataChannel("x"); peer.createOffer().then((offer) => peer.setLocalDescription(offer));
  top.postMessage("a peer was made", "*");
} catch { top.postMessage("no peer", "*"); }`;

const attempts: Readonly<Record<string, (at: string) => string>> = {
  "a peer": (at) => script(peer(at)),
  "a peer by another name": (at) => script(peer(at).replace("new RTC", "new webkitRTC")),
  "a frame with a page in it": (at) => `<iframe srcdoc="${quoted(script(peer(at)))}"></iframe>`,
  "a frame made by a script": (at) =>
    script(`const frame = document.createElement("iframe"); frame.srcdoc = ${literal(script(peer(at)))};
      document.documentElement.append(frame);`),
  "a frame after every way to find it was changed": (at) =>
    script(`for (const its of [Document, Element, ShadowRoot]) {
        its.prototype.querySelector = () => null; its.prototype.querySelectorAll = () => []; its.prototype.remove = () => {};
      }
      Function.prototype.call = () => null; MutationObserver.prototype.disconnect.call; window.MutationObserver = class {};
      document.body.innerHTML = ${literal(`<iframe srcdoc="${quoted(script(peer(at)))}"></iframe>`)};`),
  "a frame in a shadow": (at) =>
    script(`const host = document.body.appendChild(document.createElement("div"));
      host.attachShadow({ mode: "closed" }).innerHTML = ${literal(`<iframe srcdoc="${quoted(script(peer(at)))}"></iframe>`)};`),
  "a frame written later": (at) =>
    script(
      `setTimeout(() => { document.open(); document.write(${literal(`<iframe srcdoc="${quoted(script(peer(at)))}"></iframe>`)}); document.close(); })`,
    ),
  "an empty frame": (at) =>
    `<iframe id="empty"></iframe>${script(peer(at).replace("new RTC", "new empty.contentWindow.RTC"))}`,
  "links that connect ahead": (at) =>
    ["preconnect", "dns-prefetch", "prefetch", "modulepreload", "prerender", "icon", "manifest"]
      .map((rel) => `<link rel="${rel}" href="http://${at}/">`)
      .join(""),
  "rules to load ahead": (at) =>
    `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["http://${at}/"]}]}</script>`,
  "a ping of a link": (at) => `<a id="link" href="#x" ping="http://${at}/">x</a>${script("link.click()")}`,
  "a download": (at) => `<a id="link" href="http://${at}/" download>x</a>${script("link.click()")}`,
  "a link to another tab": (at) => `<a id="link" href="http://${at}/" target="_blank">x</a>${script("link.click()")}`,
  "its own way elsewhere": (at) => script(`location = "http://${at}/"`),
  "a page of its own making": (at) =>
    script(`location = URL.createObjectURL(new Blob([${literal(script(peer(at)))}], { type: "text/html" }))`),
  "streams and transports": (at) =>
    script(`new EventSource("http://${at}/"); try { new WebTransport("https://${at}/"); } catch {}`),
};

describe.skipIf(chromiumPath === null)("S20, S21 what an artifact in its frame connects to", () => {
  let browser: Browser;
  let own: Server;
  let evil: TcpServer;
  let connections = 0;
  let served: "whole" | "locked" | "allowlist" | "open" = "whole";

  const addressOf = (server: Server | TcpServer): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

  beforeAll(async () => {
    browser = await launchChromium();
    const [route] = artifactFrameRoutes();
    if (route === undefined || !route.isOpen) throw new Error("the frame is no open route");
    const asked = { request: new Request("http://natter.test/artifact-frame"), bindings: {}, requestId: createId() };
    const about = { basePath: "", startedAt: 0, params: undefined, query: undefined, body: undefined, json: undefined };
    const frame = await route.handle({ ...asked, ...about });
    const { "connection-allowlist": allowlist = "", ...known } = Object.fromEntries(frame.headers);
    const html = await frame.text();
    const frames: Readonly<Record<string, () => [Readonly<Record<string, string>>, string]>> = {
      whole: () => [{ ...known, "connection-allowlist": allowlist }, html],
      // as in a browser that does not know the newest header
      locked: () => [known, html],
      allowlist: () => [{ ...known, "connection-allowlist": allowlist }, html.replace(/for \(const name[^;]*;/, "")],
      open: () => [known, html.replace(/for \(const name[^;]*;/, "")],
    };
    own = createServer((request, response) => {
      const [headers, body] =
        request.url === "/artifact-frame"
          ? frames[served]!()
          : [{ "content-type": "text/html", "content-security-policy": parentPolicy }, parentPage];
      response.writeHead(200, headers).end(body);
    });
    evil = createTcpServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    for (const server of [own, evil])
      await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    own.closeAllConnections();
    own.close();
    evil.close();
  });

  const show = async (content: string): Promise<Page> => {
    const page = await browser.newPage();
    await page.addInitScript((html) => Object.assign(window, { content: html }), content);
    await page.goto(`http://${addressOf(own)}/`);
    return page;
  };
  const toldIn = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { told: string[] }).told);

  /** Shows it, lets it do what it wants, and answers what it said. */
  const run = async (attempt: (at: string) => string): Promise<readonly string[]> => {
    connections = 0;
    const page = await show(attempt(addressOf(evil)) + script(`setTimeout(() => top.postMessage("over", "*"), 300)`));
    const isOver = () => (window as unknown as { told: string[] }).told.includes("over");
    // one that has left its page, or crashed it, says nothing any more
    await page.waitForFunction(isOver, undefined, { timeout: 1_500 }).catch(() => null);
    const told = await toldIn(page).catch(() => []);
    expect(page.context().pages()).toHaveLength(1);
    await page.close();
    const afterwards = await show("");
    await afterwards.close();
    return told;
  };

  test.each(Object.entries(attempts))("nothing by %s", async (_how, attempt) => {
    served = "whole";
    expect(await run(attempt)).not.toContain("a peer was made");
    expect(connections).toBe(0);
  });

  test.each(Object.entries(attempts).filter(([how]) => / (peer|frame)\b/.test(how)))(
    "nothing by %s, where the browser does not know the newest header",
    async (_how, attempt) => {
      served = "locked";
      expect(await run(attempt)).not.toContain("a peer was made");
      expect(connections).toBe(0);
    },
  );

  test("nothing by a peer that was left to it, where the browser knows the newest header", async () => {
    served = "allowlist";
    await run(attempts["a frame with a page in it"]!);
    await run(attempts["a peer"]!);
    expect(connections).toBe(0);
  });

  test("a peer that nothing keeps from it does connect, which these tests would see", async () => {
    served = "open";
    expect(await run(attempts["a peer"]!)).toContain("a peer was made");
    await expect.poll(() => connections).toBeGreaterThan(0);
  });

  test("a page without such wishes works: scripts, styles, handlers, pictures and drawings", async () => {
    served = "whole";
    const page =
      await show(`<style>p { color: rgb(1, 2, 3) }</style><p id="text" onclick="top.postMessage('clicked', '*')">x</p>
      <img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" onload="top.postMessage('loaded', '*')" onerror="top.postMessage('loaded', '*')">
      ${script(`text.click(); top.postMessage(getComputedStyle(text).color, "*"); document.body.append(document.createElement("canvas"));
        text.attachShadow({ mode: "open" }).innerHTML = "<b>in a shadow</b>"; top.postMessage(text.shadowRoot.textContent, "*");`)}`);
    await expect
      .poll(async () => new Set(await toldIn(page)))
      .toEqual(new Set(["clicked", "loaded", "rgb(1, 2, 3)", "in a shadow"]));
    await page.close();
  });
});
