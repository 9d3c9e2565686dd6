import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../../ports/database.ts";
import { createScriptedModel } from "../../testing/providers/scripted-model.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { createWeb, type Web } from "../../testing/servers/web.ts";

let directory: string;
let database: Database;
let web: Web;
let mounted: Web;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "natter-app-"));
  await mkdir(join(directory, "dist/assets"), { recursive: true });
  const put = (path: string, content: string): Promise<void> => writeFile(join(directory, path), content);
  await put("secret.js", "not of the app");
  await put(
    "dist/index.html",
    '<html><head><base href="/" /><script src="./assets/main-abc.js"></script></head></html>',
  );
  await put("dist/icon.svg", "<svg/>");
  await put("dist/assets/main-abc.js", "whole");
  await put("dist/assets/main-abc.js.br", "as br");
  await put("dist/assets/main-abc.js.gz", "as gz");
  await put("dist/assets/font-abc.woff2", "font");
  database = await testDatabases.at(-1)!.open();
  const appDirectory = join(directory, "dist");
  const options = { database, model: createScriptedModel(() => []) };
  web = await createWeb({ ...options, dependencies: { appDirectory } });
  mounted = await createWeb({ ...options, dependencies: { appDirectory, basePath: "/chat" } });
});

afterAll(async () => {
  await web.close();
  await mounted.close();
  await database.close();
  await rm(directory, { recursive: true });
});

test.each(["/", "/c/0199a3c4d5e6"])("anybody gets the page at %s, and nothing foreign may run in it", async (path) => {
  const response = await web.ask(path);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-cache");
  const policy = response.headers.get("content-security-policy") ?? "";
  expect(policy.split("; ")).toEqual(
    expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"]),
  );
  expect(policy).not.toContain("unsafe");
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("referrer-policy")).toBe("no-referrer");
  expect(await response.text()).toContain('<base href="/" />');
});

test("the page learns where it is mounted", async () => {
  for (const path of ["/chat/", "/chat", "/chat/c/0199a3c4d5e6"])
    expect(await (await mounted.ask(path)).text()).toContain('<base href="/chat/" />');
  expect((await mounted.ask("/chat/assets/main-abc.js")).status).toBe(200);
});

test("an unchanged page is not sent again", async () => {
  const etag = (await web.ask("/")).headers.get("etag") ?? "";
  const again = await web.ask("/", { headers: { "if-none-match": `"other", W/${etag}` } });
  expect([again.status, await again.text()]).toEqual([304, ""]);
  expect((await mounted.ask("/chat/", { headers: { "if-none-match": etag } })).status).toBe(200);
});

test.each([
  ["br, gzip", "as br", "br"],
  ["gzip", "as gz", "gzip"],
  ["identity", "whole", null],
])("a hashed file is kept for ever, and sent as %s allows", async (accepted, content, encoding) => {
  const response = await web.ask("/assets/main-abc.js", { headers: { "accept-encoding": accepted } });
  expect(await response.text()).toBe(content);
  expect(response.headers.get("content-encoding")).toBe(encoding);
  expect(response.headers.get("cache-control")).toContain("immutable");
  expect(response.headers.get("vary")).toBe("accept-encoding");
  expect(response.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
});

test("what is not compressed goes as it is; a named file is asked for each time", async () => {
  const font = await web.ask("/assets/font-abc.woff2", { headers: { "accept-encoding": "br" } });
  expect([await font.text(), font.headers.get("content-encoding")]).toEqual(["font", null]);
  expect((await web.ask("/icon.svg")).headers.get("cache-control")).toBe("no-cache");
});

test.each([
  "/assets/missing-abc.js",
  "/assets/main-abc.js.br",
  "/assets/..%2F..%2Fsecret.js",
  "/assets/%2e%2e%2fsecret.js",
  "/assets/..%5C..%5Csecret.js",
  "/assets/main-abc.js%00.svg",
  "/assets/.stamp",
  "/assets/",
  "/theme.js",
  "/c/",
  "/nowhere",
])("S47 %s is no file of the app", async (path) => {
  const response = await web.ask(path);
  expect([path, response.status]).toEqual([path, 404]);
  expect(await response.text()).not.toContain("not of the app");
});

test("without a build the page says how to make one", async () => {
  const empty = await createWeb({
    database,
    model: createScriptedModel(() => []),
    dependencies: { appDirectory: join(directory, "nowhere") },
  });
  const response = await empty.ask("/");
  expect(response.status).toBe(503);
  expect(await response.text()).toContain("npm run build");
  await empty.close();
});
