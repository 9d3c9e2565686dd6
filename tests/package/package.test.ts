import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile, importOf, linkPackage, pack, type Consumer } from "./consumer.ts";
import { askPackage, servePackage } from "./serve-package.ts";

const patience = { timeout: 180_000 };

describe("what is published", patience, () => {
  let folder: string;
  let consumer: Consumer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "natter-package-"));
    consumer = await linkPackage(await pack(folder));
  }, 300_000);

  afterAll(async () => {
    await consumer?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test("is imported with its own dependencies, and loads few of them before it is started", async () => {
    const { names, packages } = await importOf(consumer, "natter");
    expect(names).toEqual(expect.arrayContaining(["createNatter", "defineAgent", "defineConfig", "tool"]));
    expect(packages).toEqual(["@hono/node-server", "hono", "natter", "sql-template-tag", "uuid", "zod"]);
  });

  test("has a client that loads no server's module", async () => {
    const { names, packages } = await importOf(consumer, "natter/client");
    expect(names).toContain("createClient");
    expect(packages).toEqual(["natter"]);
  });

  describe.for(["nodenext", "bundler"] as const)("for an application that resolves by %s", (resolution) => {
    test("B3 what Register says is what instructions, tools and messages are typed by, and wrong use is an error", async () => {
      expect(await compile(consumer, resolution, "registered")).toBe("");
    });

    test("B3 without Register everything can be used, and messages are typed by the agents that are given", async () => {
      expect(await compile(consumer, resolution, "unregistered")).toBe("");
    });
  });

  test("says nothing of this repository's tools and sources", async () => {
    const manifest = JSON.parse(await readFile(join(consumer.folder, "node_modules/natter/package.json"), "utf8"));
    expect(Object.keys(manifest)).toEqual(expect.not.arrayContaining(["devDependencies", "scripts", "private"]));
    expect(JSON.stringify(manifest.exports)).not.toMatch(/[^d]\.ts"/);
  });

  test("serves the web app, its tasks and an answer by the command of its own", async () => {
    const served = await servePackage(consumer, [process.execPath, "node_modules/natter/bin/natter.cjs"]);
    try {
      const page = await (await fetch(served.url)).text();
      const script = /src="\.\/(assets\/index-[^"]+)"/.exec(page)?.[1];
      expect((await fetch(`${served.url}/${script}`)).headers.get("content-type")).toContain("javascript");
      const headers = { authorization: `Bearer ${served.token}` };
      expect(await (await fetch(`${served.url}/v1/tools`, { headers })).text()).toContain("tasks__add_task");
      expect(await askPackage(served, "hello")).toContain('"type":"finish"');
    } finally {
      await served.end();
    }
  });
});
