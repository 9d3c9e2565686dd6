import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { requestOf } from "../../src/testing/servers/web.ts";
import { migrate } from "../../src/store/migrate.ts";
import { type Nodes, openNodes, watch } from "./nodes.ts";

const postgresUrl = inject("postgresUrl");
const redisUrl = inject("redisUrl");
const migrations = join(import.meta.dirname, "../../src/store/migrations");

const additive = `alter table message add column translated text not null default '';
create table translation (id text primary key);`;
const breaking = `-- breaks older versions
alter table completion rename column rank to place;`;

describe.skipIf(postgresUrl === null || redisUrl === null)("F22 old and new on one database", () => {
  let nodes: Nodes;
  let folder: string;
  beforeEach(async () => {
    nodes = await openNodes(postgresUrl!, redisUrl!);
    folder = await mkdtemp(join(tmpdir(), "natter-migrations-"));
  });
  afterEach(async () => {
    await nodes.close();
    await rm(folder, { recursive: true });
  });
  const upgrade = async (text: string): Promise<void> => {
    await cp(migrations, folder, { recursive: true });
    await writeFile(join(folder, "9999-next.sql"), text);
    await nodes.database.look((database) => migrate(database, { folder: pathToFileURL(`${folder}/`) }));
  };

  test("a migration that adds is applied under what runs; old nodes end their answers, take new ones, and start again", async () => {
    const old = nodes.mount("all");
    const send = () => old.fetch(requestOf("/v1/chat", { token: nodes.token, body: { message: { text: "hello" } } }));
    const before = watch(await send());
    await before.untilSaid("one ");
    await upgrade(additive);
    const after = watch(await send());
    nodes.provider.release();
    for (const answer of [before, after])
      expect(await answer.untilOver()).toMatchObject({ text: "one two", isDone: true });
    const again = await nodes.start("all", { LOG_LEVEL: "warn" });
    expect(again.output).toContain("9999-next.sql");
    expect(again.output).toContain("a newer version has migrated this database");
  });

  test("a node does not start on a database whose newer version breaks it, and says which to start", async () => {
    await upgrade(breaking);
    const refused = await nodes
      .mount("all")
      .start()
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "unavailable", message: expect.stringContaining("9999-next.sql") });
    await expect(nodes.start("worker")).rejects.toThrow(/newer version of Natter \(9999-next\.sql\)/);
    const claimed = await nodes.database.look((database) => database.query(sql`select id from completion`));
    expect(claimed).toEqual([]);
  });
});
