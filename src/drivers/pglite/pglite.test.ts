import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testDatabaseConformance } from "../../testing/conformance/database-conformance.ts";
import { createPgliteDatabase } from "./pglite.ts";

testDatabaseConformance({
  name: "PGlite in memory",
  open: (options) => createPgliteDatabase({ directory: null, ...options }),
});

const folders: string[] = [];
const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-pglite-"));
  folders.push(folder);
  return folder;
};

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

describe("PGlite in a folder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await makeFolder();
  });

  test("keeps what was written over a close and another open", async () => {
    const first = await createPgliteDatabase({ directory: folder });
    await first.script("create table kept (id integer); insert into kept values (1)");
    await first.close();
    const second = await createPgliteDatabase({ directory: folder });
    expect(await second.query(sql`select id from kept`)).toEqual([{ id: 1 }]);
    await second.close();
  });

  test("is shared by whoever opens it in this process, until the last has closed it", async () => {
    const [first, second] = await Promise.all([
      createPgliteDatabase({ directory: folder }),
      createPgliteDatabase({ directory: `${folder}/` }),
    ]);
    await first.script("create table kept (id integer); insert into kept values (1)");
    await first.close();
    await first.close();
    await expect(first.query(sql`select id from kept`)).rejects.toMatchObject({ code: "unavailable" });
    expect(await second.query(sql`select id from kept`)).toEqual([{ id: 1 }]);
    const closing = second.close();
    const third = await createPgliteDatabase({ directory: folder });
    await closing;
    expect(await third.query(sql`select id from kept`)).toEqual([{ id: 1 }]);
    await third.close();
  });

  test("syncs the log of every commit that comes alone, and of none that only read", async () => {
    const syncs = new Int32Array(new SharedArrayBuffer(4));
    const database = await createPgliteDatabase({ directory: folder, syncs });
    await database.script("create table item (id integer)");
    const before = syncs[0]!;
    for (let id = 0; id < 200; id += 1) await database.query(sql`insert into item values (${id})`);
    const afterWrites = syncs[0]!;
    expect(afterWrites - before).toBeGreaterThanOrEqual(200);
    for (let id = 0; id < 50; id += 1) await database.query(sql`select id from item where id = ${id}`);
    expect(syncs[0]).toBe(afterWrites);
    await database.close();
  });

  test("lets one sync serve the transactions that commit while it runs", async () => {
    const syncs = new Int32Array(new SharedArrayBuffer(4));
    const database = await createPgliteDatabase({ directory: folder, syncs });
    await database.script("create table item (id integer)");
    const before = syncs[0]!;
    await Promise.all(
      Array.from({ length: 400 }, (_, id) =>
        database.transaction(() => database.query(sql`insert into item values (${id})`)),
      ),
    );
    expect(syncs[0]! - before).toBeGreaterThanOrEqual(1);
    expect(syncs[0]! - before).toBeLessThan(390);
    expect(await database.query(sql`select count(*) as count from item`)).toEqual([{ count: 400 }]);
    await database.close();
  });

  test("begins anew when its first start was broken off", async () => {
    await (await createPgliteDatabase({ directory: folder })).close();
    const whole = (await readdir(join(folder, "database"))).length;
    await rm(join(folder, "database"), { recursive: true });
    const script = `
      import { mkdirSync, writeFileSync } from "node:fs";
      mkdirSync(${JSON.stringify(join(folder, "database.partial"))});
      writeFileSync(${JSON.stringify(join(folder, "database.partial", "PG_VERSION"))}, "18");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await new Promise((resolve) => child.once("exit", resolve));
    const database = await createPgliteDatabase({ directory: folder });
    expect(await database.query(sql`select 1 as one`)).toEqual([{ one: 1 }]);
    await database.close();
    expect((await readdir(join(folder, "database"))).length).toBeGreaterThanOrEqual(whole);
  });
});
