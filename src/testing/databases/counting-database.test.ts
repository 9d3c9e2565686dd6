import sql from "sql-template-tag";
import { expect, test } from "vitest";
import { countingDatabase } from "./counting-database.ts";
import { testDatabases } from "./test-databases.ts";

const open = async () => countingDatabase(await testDatabases[0]!.open());

const add = (id: string) => sql`insert into workspace (id, name) values (${id}, 'counted')`;
const read = (id: string) => sql`select name, created_at from workspace where id = ${id}`;

test("a statement counts, and as a commit when it writes", async () => {
  const database = await open();
  await database.query(read("a"));
  expect(database.count()).toMatchObject({ statements: 1, commits: 0 });
  await database.query(add("a"));
  await database.query(sql`with c as (update workspace set name = 'x' where id = 'a' returning id) select id from c`);
  await database.query(sql`select id from workspace for update`);
  expect(database.count()).toMatchObject({ statements: 4, commits: 3 });
  await database.close();
});

test("a transaction is one commit if it wrote, also when others join it, and none if it failed", async () => {
  const database = await open();
  await database.transaction(() => database.query(read("a")));
  expect(database.count()).toMatchObject({ statements: 1, commits: 0 });
  await database.transaction(async () => {
    await database.query(add("a"));
    await database.transaction(() => database.query(add("b")));
  });
  expect(database.count()).toMatchObject({ statements: 3, commits: 1 });
  await database.transaction(() => database.query(add("a"))).catch(() => {});
  expect(database.count()).toMatchObject({ statements: 4, commits: 1 });
  await database.close();
});

test("notifications are not counted", async () => {
  const database = await open();
  await database.query(sql`select pg_notify(${"channel"}, ${"payload"})`);
  expect(database.count()).toMatchObject({ statements: 0, commits: 0 });
  await database.close();
});

test("marks cut the path into stretches", async () => {
  const database = await open();
  await database.query(read("a"));
  database.mark("accepted");
  await database.query(add("a"));
  database.mark("provider called");
  await database.query(read("a"));
  const { texts, ...count } = database.count({ from: "accepted", to: "provider called" });
  expect(count).toEqual({ statements: 1, commits: 1 });
  expect(texts[0]).toContain("insert into workspace");
  expect(database.count({ to: "accepted" })).toMatchObject({ statements: 1, commits: 0 });
  expect(() => database.count({ from: "never" })).toThrow("never");
  await database.close();
});
