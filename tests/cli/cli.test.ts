import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { lockFolder } from "../../src/drivers/pglite/pglite-lock.ts";
import { createTestDatabase } from "../../src/testing/databases/test-database.ts";
import { version } from "../../src/version.ts";
import { Desk, type Said } from "./natter-command.ts";

const postgresUrl = inject("postgresUrl");
const keyPattern = /^nk_[A-Za-z0-9_-]{43}\n$/;

describe("the command line", { timeout: 120_000 }, () => {
  let desk: Desk;

  beforeEach(async () => {
    desk = await Desk.create();
  });
  afterEach(() => desk.close());

  const me = async (key: string): Promise<number> =>
    (await fetch(`${desk.url}/v1/me`, { headers: { "x-api-key": key.trim() } })).status;
  const lineAbout = ({ out }: Said, about: string): string =>
    out.split("\n").find((line) => line.slice(6).startsWith(about)) ?? "";

  test("tells its version and its commands, and what is not one with 64", async () => {
    expect(await desk.run(["--version"])).toEqual({ code: 0, out: `${version}\n`, error: "" });
    const help = await desk.run(["help"]);
    expect(help).toMatchObject({ code: 0, error: "" });
    for (const name of ["start", "migrate", "doctor", "key create", "openapi"])
      expect(help.out).toContain(`natter ${name}`);
    for (const args of [
      ["serve"],
      ["__proto__"],
      ["migrate", "now"],
      ["key", "make"],
      ["key", "create"],
      ["--prot", "1"],
    ]) {
      const said = await desk.run(args);
      expect([args, said.code, said.out]).toEqual([args, 64, ""]);
      expect(said.error).toContain("Usage: natter");
    }
  });

  test("B2: what only serves or only works names what it lacks to meet the others", async () => {
    for (const role of ["web", "worker"]) {
      const said = await desk.run(["start", "--role", role]);
      expect(said.code).toBe(1);
      expect(said.error).toContain("DATABASE_URL: is needed with NATTER_ROLE=web and worker");
    }
  });

  test("keys are made without a server, and work when it runs", async () => {
    const made = await desk.run(["key", "create", "--name", "CI", "--expires", "90d"]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(keyPattern) as string });
    const listed = await desk.run(["key", "list"]);
    expect(listed.out).toMatch(/ nk_.{5}… .* expires 20\d\d-\d\d-\d\d {2}used never {2}"CI"\n$/);
    expect(listed.out).not.toContain(made.out.trim());
    await desk.start();
    expect(await me(made.out)).toBe(200);
  });

  test("while a server has the database, commands talk to it", async () => {
    expect(await desk.start()).toContain(`${desk.url}/login?token=`);
    const made = await desk.run(["key", "create", "--name", "CI"]);
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(keyPattern) as string });
    expect(await me(made.out)).toBe(200);
    const id = (await desk.run(["key", "list"])).out.split(" ")[0] ?? "";
    expect(await desk.run(["key", "revoke", id])).toMatchObject({ code: 0 });
    expect(await me(made.out)).toBe(401);
    expect(await desk.run(["key", "revoke", id])).toMatchObject({
      code: 1,
      error: expect.stringContaining("no such key") as string,
    });
    expect(await desk.run(["migrate"])).toMatchObject({ code: 0, out: expect.stringContaining(desk.url) as string });
    const found = await desk.run(["doctor"]);
    expect(found.code).toBe(0);
    expect(lineAbout(found, "database")).toContain(`in use by the server at ${desk.url}`);
    expect(lineAbout(found, "port")).toContain("a server answers");
  });

  test("what a killed server left behind is seen for what it is, and never sent the token", async () => {
    await desk.start();
    const left = await readFile(join(desk.dataDirectory, "address"), "utf8");
    expect(JSON.parse(left)).toMatchObject({ url: desk.url });
    await desk.stop("SIGKILL");
    const asked: unknown[] = [];
    const impostor = createServer((request, response) => {
      asked.push(request.headers);
      response.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}');
    });
    await new Promise<void>((resolve) => impostor.listen(desk.port, "127.0.0.1", resolve));
    try {
      expect(await desk.run(["key", "list"])).toMatchObject({ code: 0, out: "" });
      // whoever has the lock now wrote no address: an application that has mounted Natter, or one that is starting
      const unlock = lockFolder(desk.dataDirectory);
      await writeFile(join(desk.dataDirectory, "address"), left);
      const said = await desk.run(["key", "list"]);
      unlock();
      expect(said).toMatchObject({
        code: 1,
        error: expect.stringContaining("Another Natter uses the folder") as string,
      });
      expect(asked).toEqual([]);
      expect(lineAbout(await desk.run(["doctor"]), "port")).toContain("another program has");
    } finally {
      await new Promise((resolve) => impostor.close(resolve));
    }
  });

  test("a server that is told to stop takes its address away", async () => {
    await desk.start();
    await desk.stop();
    await expect(readFile(join(desk.dataDirectory, "address"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("S48 a server that others can reach starts once there is a key, and knows no other way in", async () => {
    const refused = await desk.run(["start"], { HOST: "0.0.0.0" });
    expect(refused.code).toBe(1);
    expect(refused.error).toMatch(/nobody could be told from anybody.*natter key create/);
    const warned = await desk.run(["doctor"], { HOST: "0.0.0.0" });
    expect([warned.code, lineAbout(warned, "keys")]).toEqual([1, expect.stringMatching(/^bad .*natter key create/)]);
    const { out: key } = await desk.run(["key", "create", "--name", "first"], { HOST: "0.0.0.0" });
    expect(await desk.run(["doctor"], { HOST: "0.0.0.0" })).toMatchObject({ code: 0 });
    expect(await desk.start({ HOST: "0.0.0.0" })).not.toContain("token=");
    expect(await me(key)).toBe(200);
    expect((await fetch(`${desk.url}/v1/me`)).status).toBe(401);
    expect((await fetch(`${desk.url}/login?token=x`)).status).toBe(404);
    const said = await desk.run(["key", "list"], { HOST: "0.0.0.0" });
    expect(said).toMatchObject({ code: 1, error: expect.stringContaining("POST /v1/api-keys") as string });
  });

  test("the doctor says what is wrong, one line each, and what to do", async () => {
    const fresh = await desk.run(["doctor"]);
    expect(fresh.code).toBe(0);
    expect(
      fresh.out
        .trim()
        .split("\n")
        .every((line) => /^(ok|note) /.test(line)),
    ).toBe(true);
    const wrong = await desk.run(["doctor"], { PORT: "x", NATTER_JWT_SECRET: "short" });
    expect(wrong.code).toBe(1);
    expect(wrong.out.match(/^bad .*→/gm)).toHaveLength(2);
    const unreachable = {
      DATABASE_URL: "postgres://user:hidden-word@127.0.0.1:1/chat",
      REDIS_URL: "redis://:hidden-word@127.0.0.1:1",
    };
    const cut = await desk.run(["doctor"], unreachable);
    expect(cut.code).toBe(1);
    expect(lineAbout(cut, "database")).toMatch(/^bad .*127\.0\.0\.1:1\/chat.*→/);
    expect(lineAbout(cut, "redis")).toMatch(/^bad .*127\.0\.0\.1:1.*→/);
    expect(cut.out + cut.error).not.toContain("hidden-word");
    expect(lineAbout(await desk.run(["doctor"], { NODE_ENV: "production" }), "models")).toMatch(/^bad /);
  });

  test("the doctor tells another program's port from a free one", async () => {
    const other = createServer((_request, response) => response.end("hello"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    try {
      const said = await desk.run(["doctor"], { PORT: String(port) });
      expect([said.code, lineAbout(said, "port")]).toEqual([1, expect.stringMatching(/^bad .*another program.*PORT/)]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });

  test("openapi prints the document, whatever runs", async () => {
    const said = await desk.run(["openapi"]);
    expect([said.code, said.error]).toEqual([0, ""]);
    const document = JSON.parse(said.out) as { openapi: string; paths: object };
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(["/v1/chat", "/v1/api-keys", "/v1/models"]));
  });

  test.skipIf(!postgresUrl)("on PostgreSQL: migrate, keys for a user, doctor", async () => {
    const env = { DATABASE_URL: await createTestDatabase(postgresUrl ?? "") };
    expect(lineAbout(await desk.run(["doctor"], env), "schema")).toMatch(/^note .*migrations to apply/);
    expect((await desk.run(["migrate"], env)).out).toMatch(/^applied 0001-spine\.sql\n/);
    expect((await desk.run(["migrate"], env)).out).toBe("The database is up to date.\n");
    const made = await desk.run(["key", "create", "--name", "one"], env);
    expect(made.out).toMatch(keyPattern);
    const user = /of user (\S+) /.exec(made.error)?.[1] ?? "";
    expect((await desk.run(["key", "list", "--user", user], env)).out).toContain('"one"');
    expect(await desk.run(["key", "list", "--user", "nobody"], env)).toMatchObject({ code: 1 });
    expect(await desk.run(["key", "list", "--user", user, "--workspace", "elsewhere"], env)).toMatchObject({ code: 1 });
    const found = await desk.run(["doctor"], env);
    expect([found.code, lineAbout(found, "schema")]).toEqual([0, expect.stringContaining("up to date")]);
  });
});
