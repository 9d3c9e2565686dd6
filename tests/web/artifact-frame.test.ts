import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { artifactFrameRoutes } from "../../src/http/files/artifact-frame.ts";
import { chromiumPath, launchChromium } from "./app/chromium.ts";
import { hostilePage, type Told } from "./hostile/hostile-artifact.ts";

/** The part of the app's policy that decides where a frame may go. */
const parentPolicy = "default-src 'none'; script-src 'unsafe-inline'; frame-src 'self'";

const parentPage = `<!doctype html><title>Parent</title><p id="secret">parent-secret</p><iframe sandbox="allow-scripts" src="/artifact-frame"></iframe>
<script>
localStorage.setItem("key", "storage-secret");
window.told = [];
const frame = document.querySelector("iframe");
addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data.type === "natter-artifact-frame") frame.contentWindow.postMessage({ type: "natter-artifact", html: window.content }, "*");
  else window.told.push(data);
});
</script>`;

describe.skipIf(chromiumPath === null)("S20 an artifact in its frame", () => {
  let browser: Browser;
  let own: Server;
  let evil: Server;
  const asked: { own: string[]; evil: string[] } = { own: [], evil: [] };
  const addressOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const listen = (server: Server): Promise<void> =>
    new Promise((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));

  beforeAll(async () => {
    browser = await launchChromium();
    const [route] = artifactFrameRoutes();
    if (route === undefined || !route.isOpen) throw new Error("the frame is no open route");
    own = createServer((request, response) => {
      const path = request.url ?? "";
      asked.own.push(path);
      if (path === "/parent") {
        response
          .writeHead(200, { "content-type": "text/html", "content-security-policy": parentPolicy })
          .end(parentPage);
        return;
      }
      if (path !== "/artifact-frame") return void response.writeHead(200).end("api-secret");
      const call = {
        request: new Request("http://natter.test/artifact-frame"),
        bindings: {},
        requestId: "r",
        basePath: "",
      };
      void Promise.resolve(
        route.handle({ ...call, startedAt: 0, params: undefined, query: undefined, body: undefined, json: undefined }),
      ).then(async (page) => response.writeHead(200, Object.fromEntries(page.headers)).end(await page.text()));
    });
    evil = createServer((request, response) => {
      asked.evil.push(request.url ?? "");
      response.writeHead(200, { "access-control-allow-origin": "*" }).end("evil");
    });
    await Promise.all([listen(own), listen(evil)]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    for (const server of [own, evil]) {
      server.close();
      server.closeAllConnections();
    }
  });

  const show = async (content: string): Promise<{ page: Page; told: () => Promise<Told[]> }> => {
    const page = await browser.newPage();
    await page
      .context()
      .addCookies([{ name: "session", value: "cookie-secret", url: addressOf(own), sameSite: "Strict" }]);
    await page.addInitScript((html) => Object.assign(window, { content: html }), content);
    await page.goto(`${addressOf(own)}/parent`);
    return {
      page,
      told: () => page.evaluate(() => (window as unknown as { told: Told[] }).told),
    };
  };

  test("runs its own scripts, reaches nothing, and reads nothing", async () => {
    const dialogs: string[] = [];
    const { page, told } = await show(hostilePage(addressOf(evil), addressOf(own)));
    page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    await page.waitForFunction(
      () => (window as unknown as { told: { what: string }[] }).told.some(({ what }) => what === "end"),
      undefined,
      { timeout: 30_000 },
    );
    const said = await told();
    expect(said).toContainEqual({ what: "svg", got: "ran" });
    const secrets = JSON.stringify(said);
    for (const secret of ["parent-secret", "storage-secret", "cookie-secret", "api-secret", "evil", "opened"])
      expect(secrets).not.toContain(secret);
    // a page that is asked for now is the last one: all that the artifact had asked for has come before it
    await page.evaluate(() => document.title);
    const other = await browser.newPage();
    await other.goto(`${addressOf(evil)}/afterwards`);
    expect(asked.evil.filter((path) => path !== "/favicon.ico")).toEqual(["/afterwards"]);
    expect(asked.own.filter((path) => path !== "/favicon.ico")).toEqual(["/parent", "/artifact-frame"]);
    expect(dialogs).toEqual([]);
    expect(page.url()).toBe(`${addressOf(own)}/parent`);
    expect(page.context().pages()).toHaveLength(1);
    await other.close();
    await page.close();
  }, 60_000);

  test("listens to nobody but its parent, and shows one content only", async () => {
    const { page, told } = await show("<script>parent.postMessage({ what: 'first', got: '' }, '*')</script>");
    await page.waitForFunction(() => (window as unknown as { told: unknown[] }).told.length === 1);
    await page.evaluate(() => {
      const second = "<script>parent.postMessage({ what: 'second', got: '' }, '*')</" + "script>";
      document.querySelector("iframe")?.contentWindow?.postMessage({ type: "natter-artifact", html: second }, "*");
    });
    const frame = page.frames()[1];
    expect(await frame?.evaluate(() => document.scripts.length)).toBe(1);
    expect((await told()).map(({ what }) => what)).toEqual(["first"]);
    await page.close();
  }, 60_000);
});
