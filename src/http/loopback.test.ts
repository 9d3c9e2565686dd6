import { request as nodeRequest } from "node:http";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Worker } from "../engine/worker.ts";
import type { Database } from "../ports/database.ts";
import { createScriptedModel, say } from "../testing/providers/scripted-model.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { createWeb, type Web } from "../testing/servers/web.ts";
import { startServer, type HttpServer } from "./server/server.ts";
import { createWalls, loopbackNames } from "./server/walls.ts";

const chromiumPath = inject("chromiumPath");

describe("loopback mode on a real port", () => {
  let database: Database;
  let web: Web;
  let worker: Worker;
  let server: HttpServer;
  let origin: string;
  const token = "t".repeat(43);
  const loopback = { token, cookie: () => `natter_${server.port}` };
  const hold = Promise.withResolvers<void>();
  const model = createScriptedModel((call) =>
    JSON.stringify(call.messages.at(-1)).includes("hold")
      ? [say("held "), { wait: hold.promise }, say("back")]
      : [say("Hello ", "person")],
  );

  beforeAll(async () => {
    database = await testDatabases.at(-1)!.open();
    web = await createWeb({
      database,
      model,
      sources: { loopback },
      dependencies: {
        loopback,
        walls: createWalls({ loopback: { names: loopbackNames, port: () => server.port }, hasAmbientIdentity: false }),
      },
    });
    worker = web.spine.worker();
    await worker.start();
    server = await startServer(web.http, { host: "127.0.0.1", port: 0 });
    origin = `http://127.0.0.1:${server.port}`;
  });
  afterAll(async () => {
    hold.resolve();
    await worker.drain(1);
    await server.close(1);
    await web.close();
    await database.close();
  });

  const ask = (
    path: string,
    headers: Record<string, string>,
    method = "GET",
  ): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const asked = nodeRequest(`${origin}${path}`, { method, headers }, (response) => {
        let text = "";
        response
          .on("data", (piece: Buffer) => (text += piece.toString()))
          .on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on("error", reject).end();
    });

  test("the printed link sets a cookie that a page can't read and another site can't send", async () => {
    const response = await fetch(`${origin}/login?token=${token}`, { redirect: "manual" });
    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/");
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toContain(`natter_${server.port}=${token}; Path=/; `);
    expect(cookie).toContain("HttpOnly; SameSite=Strict");
    const me = await ask("/v1/me", { cookie: cookie.split(";")[0] ?? "" });
    expect(me.status).toBe(200);
    expect((await fetch(`${origin}/login?token=wrong`, { redirect: "manual" })).status).toBe(401);
    expect((await fetch(`${origin}/login`, { redirect: "manual" })).status).toBe(401);
  });

  test("a link that does not sign in tells a person so in words, a program in JSON", async () => {
    for (const query of ["", "?token=wrong", `?token=${token}x`]) {
      const headers = { accept: "text/html,application/xhtml+xml" };
      const page = await fetch(`${origin}/login${query}`, { redirect: "manual", headers });
      expect([page.status, page.headers.get("content-type"), page.headers.get("set-cookie")]).toEqual([
        401,
        "text/html; charset=utf-8",
        null,
      ]);
      expect(page.headers.get("content-security-policy")).not.toContain("script-src");
      const body = await page.text();
      expect(body).toContain("This link does not sign you in");
      expect(body).not.toContain(token);
      const problem = await fetch(`${origin}/login${query}`, { redirect: "manual" });
      expect(await problem.json()).toMatchObject({ status: 401, code: "unauthenticated" });
    }
  });

  test("the same token is good as Bearer, for curl; nobody else is anybody", async () => {
    expect((await ask("/v1/me", { authorization: `Bearer ${token}` })).status).toBe(200);
    expect((await ask("/v1/me", {})).status).toBe(401);
  });

  test("S48 every route refuses another host name before it does anything, also the open ones", async () => {
    const { port } = server;
    for (const { method, path } of web.http.routes) {
      const filled = path.replaceAll(/\{\w+\}/g, createId());
      for (const host of [
        "evil.example",
        `evil.example:${port}`,
        `127.1:${port}`,
        `2130706433:${port}`,
        "127.0.0.1",
        `localhost:${port + 1}`,
      ]) {
        const answer = await ask(filled, { host, authorization: `Bearer ${token}` }, method.toUpperCase());
        expect([method, path, host, answer.status]).toEqual([method, path, host, 421]);
      }
    }
    expect((await ask("/nowhere", { host: "evil.example" })).status).toBe(421);
  });

  test("S49 a page of another site does nothing on any route, though it had the cookie", async () => {
    for (const { method, path } of web.http.routes.filter((route) => route.method !== "get")) {
      const filled = path.replaceAll(/\{\w+\}/g, createId());
      for (const headers of [
        { origin: "https://evil.example" },
        { origin: "null" },
        { "sec-fetch-site": "cross-site" },
        { origin: `http://localhost:${server.port + 1}`, "sec-fetch-site": "same-site" },
      ]) {
        const answer = await ask(
          filled,
          { ...headers, cookie: `natter_${server.port}=${token}` },
          method.toUpperCase(),
        );
        expect([path, headers, answer.status]).toEqual([path, headers, 403]);
      }
    }
  });

  describe.skipIf(chromiumPath === null)("in a browser", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: chromiumPath ?? "", args: ["--no-sandbox"] });
    });
    afterAll(() => browser.close());

    test("the link that start prints signs a browser in, and its pages may ask the API", async () => {
      const page = await browser.newPage();
      await page.goto(`${origin}/docs`);
      const ask = (): Promise<number> => page.evaluate(async () => (await fetch("/v1/me")).status);
      expect(await ask()).toBe(401);
      await page.goto(`${origin}/login?token=${token}`);
      expect(page.url()).toBe(`${origin}/`);
      expect(await page.evaluate(() => document.cookie)).toBe("");
      await page.goto(`${origin}/docs`);
      expect(await ask()).toBe(200);
      await page.close();
    });

    test("the documentation draws itself, and nothing comes from elsewhere", async () => {
      const page = await browser.newPage();
      const asked: string[] = [];
      const troubles: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("pageerror", (error) => troubles.push(error.message));
      page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
      await page.goto(`${origin}/docs`);
      await page.locator("summary", { hasText: "/v1/chat/{conversationId}/stream" }).waitFor();
      expect(await page.locator("summary").count()).toBeGreaterThan(web.http.routes.length);
      expect(asked.filter((url) => !url.startsWith(origin))).toEqual([]);
      expect(troubles).toEqual([]);
      await page.close();
    });
  });
});
