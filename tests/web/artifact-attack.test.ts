import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page, Request } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { asOwner, makeArtifact } from "./app/artifact-setting.ts";
import { chromiumPath, openContext } from "./app/chromium.ts";
import { hostilePage, type Told } from "./hostile/hostile-artifact.ts";
import { withApp } from "./app/with-app.ts";

declare global {
  var told: Told[];
}

const secrets = ["storage-secret", "cookie-secret", "userId", "workspaceId", "opened", "evil-body"];

/** What the page hears of its frames, which it does not listen to. */
const listen = (): void => {
  localStorage.setItem("key", "storage-secret");
  document.cookie = "readable=cookie-secret; path=/";
  globalThis.told = [];
  addEventListener("message", ({ source, data }: MessageEvent<Told>) => {
    if (source !== window) globalThis.told.push(data);
  });
};

/** What a frame asked of our own server; a policy that stops a request stops it after it is told of. */
const sentBy = (requests: readonly Request[]): readonly Request[] =>
  requests.filter((request) => request.url().includes("by=artifact") && request.failure() === null);

describe.skipIf(chromiumPath === null)("S20 a hostile artifact in the panel", () => {
  let app: AppProcess;
  let browser: Browser;
  let evil: Server;
  const asked: string[] = [];
  const addressOf = (): string => `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;

  withApp((served) => {
    ({ app, browser } = served);
  });
  beforeAll(async () => {
    evil = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(200, { "access-control-allow-origin": "*" }).end("evil-body");
    });
    await new Promise<void>((resolve) => void evil.listen(0, "127.0.0.1", () => resolve()));
  });
  afterAll(() => {
    evil.close();
    evil.closeAllConnections();
  });

  interface Shown {
    readonly page: Page;
    readonly requests: readonly Request[];
    readonly surprises: readonly string[];
  }

  const show = async (kind: "html" | "svg", content: string): Promise<Shown> => {
    const context = await openContext(browser, { name: "desktop", colorScheme: "light" });
    const page = await context.newPage();
    const requests: Request[] = [];
    const surprises: string[] = [];
    context.on("request", (request) => requests.push(request));
    context.on("page", (other) => surprises.push(`page ${other.url()}`));
    page.on("download", (file) => surprises.push(`download ${file.url()}`));
    page.on("dialog", (dialog) => {
      surprises.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(app.loginUrl);
    await page.waitForSelector("#composer");
    await page.evaluate(listen);
    const { conversationId, id } = await makeArtifact(app, { kind, title: "Hostile", content });
    await page.addInitScript(listen);
    await page.goto(`${app.url}/c/${conversationId}?artifact=${id}`);
    return { page, requests, surprises };
  };

  const ended = (page: Page): Promise<unknown> =>
    page.waitForFunction(() => globalThis.told.some((one) => one?.what === "end"), undefined, { timeout: 30_000 });

  /** What was asked of the other server until now: what is asked for afterwards comes after all of it. */
  const askedUntilNow = async (): Promise<readonly string[]> => {
    const context = await openContext(browser, { name: "desktop", colorScheme: "light" });
    const page = await context.newPage();
    await page.goto(`${addressOf()}/afterwards`);
    await context.close();
    return asked.splice(0).filter((path) => path !== "/favicon.ico");
  };

  test.each(["html", "svg"] as const)(
    "as %s sends nothing, reads nothing, and changes nothing of the page",
    async (kind) => {
      const { page, requests, surprises } = await show(kind, hostilePage(addressOf(), app.url));
      await ended(page);
      const told = await page.evaluate(() => globalThis.told);
      expect(told).toContainEqual({ what: "svg", got: "ran" });
      for (const secret of secrets) expect(JSON.stringify(told)).not.toContain(secret);
      for (const what of [
        "parent",
        "top",
        "frames",
        "cookie",
        "storage",
        "database",
        "fetch",
        "api",
        "worker",
        "popup",
      ])
        expect(told).toContainEqual({ what, got: "failed" });
      expect(await askedUntilNow()).toEqual(["/afterwards"]);
      expect(sentBy(requests)).toEqual([]);
      expect(surprises).toEqual([]);
      expect(page.url()).toMatch(/\?artifact=/);
      await page.getByRole("complementary", { name: "Artifact" }).getByRole("heading", { name: "Hostile" }).waitFor();
      expect(await page.getByRole("textbox", { name: "Message", exact: true }).inputValue()).toBe("");
      expect(await page.evaluate(() => document.cookie)).toBe("readable=cookie-secret");
      await page.context().close();
    },
    120_000,
  );

  test("goes nowhere, and where a browser lets it go to our own pages, there as nobody", async () => {
    const { page, requests, surprises } = await show(
      "html",
      hostilePage(addressOf(), app.url, `${app.url}/v1/me?by=artifact`),
    );
    await ended(page);
    expect(await askedUntilNow()).toEqual(["/afterwards"]);
    const own = sentBy(requests);
    // none by a browser that knows `connection-allowlist`
    expect(own.length).toBeLessThanOrEqual(1);
    for (const request of own) {
      expect(new URL(request.url()).pathname).toBe("/v1/me");
      expect(Object.keys(await request.allHeaders())).not.toContain("cookie");
      expect((await request.response())?.status()).toBe(401);
    }
    expect(surprises).toEqual([]);
    await page.context().close();
  }, 120_000);

  test("that never ends keeps nobody from closing it", async () => {
    const { page } = await show(
      "html",
      "<p>busy</p><script>parent.postMessage({ what: 'end', got: '' }, '*'); setTimeout(() => { for (;;); }, 500);</script>",
    );
    await ended(page);
    await page.getByRole("button", { name: "Close artifact" }).click({ timeout: 30_000 });
    await expect.poll(() => page.frames().length).toBe(1);
    await page.context().close();
  }, 120_000);

  test("in the source, in the changes and in its title is text", async () => {
    const content = "<script>parent.postMessage({ what: 'ran', got: '' }, '*')</script><img src=x onerror=alert(1)>";
    const { conversationId, id } = await makeArtifact(app, {
      kind: "code",
      language: "html",
      title: content.slice(0, 100),
      content,
    });
    await asOwner(app, `/v1/artifacts/${id}`, { method: "PATCH", body: { content: `${content}\n${content}` } });
    const context = await openContext(browser, { name: "desktop", colorScheme: "light" });
    const page = await context.newPage();
    const dialogs: string[] = [];
    page.on("dialog", (dialog) => void dialogs.push(dialog.message()));
    await page.addInitScript(listen);
    await page.goto(app.loginUrl);
    await page.goto(`${app.url}/c/${conversationId}?artifact=${id}`);
    for (const view of ["Source", "Changes", "Versions"]) {
      await page.getByRole("tab", { name: view }).click();
      await page.getByRole("tabpanel").getByText("<script>").first().waitFor();
    }
    expect(await page.evaluate(() => globalThis.told)).toEqual([]);
    expect(dialogs).toEqual([]);
    expect(page.frames()).toHaveLength(1);
    await context.close();
  }, 60_000);
});
