import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sql from "sql-template-tag";
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { createPostgresDatabase } from "../drivers/postgres/postgres.ts";
import { silentLogger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import { countingDatabase } from "../testing/databases/counting-database.ts";
import { createTestDatabase } from "../testing/databases/test-database.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { migrate } from "./migrate.ts";

const postgresUrl = inject("postgresUrl");
const ownCount = readdirSync(new URL("migrations/", import.meta.url)).length;

const tablesOf = async (database: Database): Promise<string[]> => {
  const rows = await database.query<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  );
  return rows.map(({ name }) => name);
};

describe.each(testDatabases)("migrate on $name", ({ openEmpty }) => {
  let database: Database;
  let folder: string;
  const url = () => ({ folder: pathToFileURL(`${folder}/`) });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);

  beforeAll(async () => {
    database = await openEmpty();
  });

  afterAll(() => database.close());

  beforeEach(async () => {
    await database.script("drop schema public cascade; create schema public");
    folder = await mkdtemp(join(tmpdir(), "natter-migrations-"));
    await write("0001-first.sql", "create table first (id text);");
    return () => rm(folder, { recursive: true });
  });

  test("makes the tables of this version, and its own record of them", async () => {
    await migrate(database);
    expect(await tablesOf(database)).toEqual(
      expect.arrayContaining(["completion", "conversation", "message", "migration"]),
    );
  });

  test("applies what is new, in the order of the names, once", async () => {
    await migrate(database, url());
    await write("0003-third.sql", "alter table second add column extra integer;");
    await write("0002-second.sql", "create table second (id text); insert into second values ('a');");
    await migrate(database, url());
    await migrate(database, url());
    expect(await tablesOf(database)).toEqual(["first", "migration", "second"]);
    expect(await database.query(sql`select * from second`)).toEqual([{ id: "a", extra: null }]);
  });

  test("asks one statement when there is nothing to do", async () => {
    await migrate(database);
    const counting = countingDatabase(database);
    await migrate(counting);
    expect(counting.count()).toMatchObject({ statements: 1, commits: 0 });
  });

  test("rolls a failing migration back, keeps those before it, and goes on when it is mended", async () => {
    await write("0002-second.sql", "create table second (id text); select 1 / 0;");
    const failing = migrate(database, url());
    await expect(failing).rejects.toMatchObject({ code: "unavailable", cause: { code: "22012" } });
    await expect(failing).rejects.toThrow("0002-second.sql");
    expect(await tablesOf(database)).toEqual(["first", "migration"]);
    await write("0002-second.sql", "create table second (id text);");
    await migrate(database, url());
    expect(await tablesOf(database)).toEqual(["first", "migration", "second"]);
  });

  test("refuses a migration that was changed after it was applied", async () => {
    await migrate(database, url());
    await write("0001-first.sql", "create table first (id text, other text);");
    await expect(migrate(database, url())).rejects.toThrow(/0001-first\.sql differs/);
  });

  test("does not mind line endings", async () => {
    await write("0001-first.sql", "create table first (\n id text);\n");
    await migrate(database, url());
    await write("0001-first.sql", "create table first (\r\n id text);\r\n");
    await migrate(database, url());
    expect(await tablesOf(database)).toEqual(["first", "migration"]);
  });

  test("F22: goes along with a database that a newer version has migrated, and says so", async () => {
    await write("0002-second.sql", "create table second (id text);");
    await migrate(database, url());
    await rm(join(folder, "0002-second.sql"));
    const warn = vi.fn();
    expect(await migrate(database, { ...url(), logger: { ...silentLogger, warn } })).toEqual([]);
    expect(warn).toHaveBeenCalledWith({ newer: ["0002-second.sql"] }, expect.stringContaining("newer version"));
  });

  test("F22: refuses a database whose newer migration breaks older versions, and changes nothing", async () => {
    await migrate(database, url());
    await write("0002-second.sql", "-- breaks older versions\nalter table first drop column id;");
    await migrate(database, url());
    await rm(join(folder, "0002-second.sql"));
    await write("0003-third.sql", "create table third (id text);");
    await expect(migrate(database, url())).rejects.toThrow(/newer version of Natter \(0002-second\.sql\)/);
    expect(await tablesOf(database)).toEqual(["first", "migration"]);
  });

  test("refuses to apply a migration below one that is there", async () => {
    await write("0003-third.sql", "create table third (id text);");
    await migrate(database, url());
    await write("0002-second.sql", "create table second (id text);");
    await expect(migrate(database, url())).rejects.toThrow(/has 0003-third\.sql and lacks 0002-second\.sql/);
  });

  test("a database of a version that did not write down what breaks is brought on", async () => {
    await database.script(`create table migration (name text primary key, checksum text not null);
      create table first (id text)`);
    const checksum = createHash("sha256").update("create table first (id text);").digest("hex");
    await database.query(sql`insert into migration (name, checksum) values ('0001-first.sql', ${checksum})`);
    await write("0002-second.sql", "create table second (id text);");
    expect(await migrate(database, url())).toEqual(["0002-second.sql"]);
  });

  test("lets many callers of one process migrate at once", async () => {
    await Promise.all(Array.from({ length: 8 }, () => migrate(database)));
    expect(await database.query(sql`select count(*) as count from migration`)).toEqual([{ count: ownCount }]);
  });
});

describe.skipIf(postgresUrl === null)("migrate on PostgreSQL", () => {
  test.each([1, 4])(
    "lets 8 nodes with %i connections each boot together on an empty database",
    async (maxConnections) => {
      const url = await createTestDatabase(postgresUrl!);
      const nodes = Array.from({ length: 8 }, () => createPostgresDatabase({ url, maxConnections }));
      await Promise.all(nodes.map((node) => migrate(node)));
      const counts = await Promise.all(nodes.map((node) => node.query(sql`select count(*) as count from migration`)));
      expect(new Set(counts.map((rows) => JSON.stringify(rows)))).toEqual(new Set([`[{"count":${ownCount}}]`]));
      await Promise.all(nodes.map((node) => node.close()));
    },
  );
});
