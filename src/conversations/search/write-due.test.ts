import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { silentLogger, type Logger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createPrincipal } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { search } from "./search.ts";
import { writeDue } from "./write-due.ts";

describe.each(testDatabases)("what is due to be searchable on $name", ({ open }) => {
  let database: Database;
  let me: Principal;

  beforeAll(async () => {
    database = await open();
    me = await createPrincipal(database);
  });
  afterAll(() => database.close());

  const say = async (texts: readonly string[]): Promise<string> => {
    const id = createId();
    await database.query(sql`
      insert into conversation (workspace_id, id, owner_id, agent) values (${me.workspaceId}, ${id}, ${me.userId}, 'default')`);
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, sequence, role, parts)
      select ${me.workspaceId}, ${id}, 'message-' || place, place, 'user',
        jsonb_build_array(jsonb_build_object('type', 'text', 'text', words))
      from unnest(${texts}::text[]) with ordinality as said (words, place)`);
    return id;
  };
  const count = async (q: string): Promise<number> => (await search(database, me, { q, limit: 50 })).data.length;
  const due = async (): Promise<number> =>
    (await database.query<{ count: number }>(sql`select count(*) as count from search_due`))[0]?.count ?? -1;

  test("is written whole, however many there are, and once", async () => {
    await say(Array.from({ length: 45 }, (_, index) => `penguin ${index}`));
    expect(await count("penguin")).toBe(0);
    await Promise.all([writeDue(database, silentLogger), writeDue(database, silentLogger)]);
    await writeDue(database, silentLogger);
    expect([await count("penguin"), await due()]).toEqual([45, 0]);
  });

  test("F10 stays due while the database can't be reached", async () => {
    await say(["razorbill one", "razorbill two"]);
    const unreachable: Database = {
      ...database,
      query: (statement) =>
        statement.text.includes("insert into message_search")
          ? Promise.reject(new NatterError("unavailable", "it is away"))
          : database.query(statement),
    };
    await expect(writeDue(unreachable, silentLogger)).rejects.toThrow("it is away");
    expect([await count("razorbill"), await due()]).toEqual([0, 2]);
    await writeDue(database, silentLogger);
    expect([await count("razorbill"), await due()]).toEqual([2, 0]);
  });

  test("F22 is written without what can't be, which is named in the log", async () => {
    await say(["puffin one", "puffin poison", "puffin two"]);
    const breaking: Database = {
      ...database,
      query: (statement) =>
        statement.text.includes("insert into message_search") && JSON.stringify(statement.values).includes("poison")
          ? Promise.reject(new Error("it can't be written"))
          : database.query(statement),
    };
    const warned: object[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => void warned.push(Object(fields)) };
    await writeDue(breaking, logger);
    expect([await count("puffin"), await due()]).toEqual([2, 0]);
    expect(warned).toMatchObject([{ message_id: "message-2" }]);
  });

  test("F22 what another process has dropped by then costs nothing else its words", async () => {
    await say(["kittiwake poison", "kittiwake two", "kittiwake three"]);
    let failures = 0;
    const breaking: Database = {
      ...database,
      transaction: (work) =>
        database.transaction(work).catch(async (thrown: unknown) => {
          failures += 1;
          // all of them could not be written, then this one alone; before it is dropped here, the other process does
          if (failures === 2)
            await database.query(sql`delete from search_due where id = (select min(id) from search_due)`);
          throw thrown;
        }),
      query: (statement) =>
        statement.text.includes("insert into message_search") && JSON.stringify(statement.values).includes("poison")
          ? Promise.reject(new Error("it can't be written"))
          : database.query(statement),
    };
    await writeDue(breaking, silentLogger);
    expect([await count("kittiwake"), await due()]).toEqual([2, 0]);
  });

  test("S13 of what is removed while its words are written, none stay", async () => {
    const id = await say(["dovekie one", "dovekie two", "..."]);
    await database.query(sql`update conversation set title = 'dovekie' where id = ${id}`);
    await writeDue(database, silentLogger);
    await database.query(sql`create table written as select * from message_search where conversation_id = ${id}`);
    await database.query(sql`create table named as select * from title_search where conversation_id = ${id}`);
    await database.query(
      sql`update message set parts = '[]', deleted_at = now() where conversation_id = ${id} and id = 'message-1'`,
    );
    await database.query(sql`
      update message set parts = '[{"type": "text", "text": "..."}]' where conversation_id = ${id} and id = 'message-2'`);
    await database.query(sql`update conversation set title = null where id = ${id}`);
    // as the writer does that had read them before
    await database.query(sql`insert into message_search select * from written`);
    await database.query(sql`insert into title_search select * from named`);
    await writeDue(database, silentLogger);
    expect(await database.query(sql`select message_id from message_search where conversation_id = ${id}`)).toEqual([]);
    expect(await database.query(sql`select 1 from title_search where conversation_id = ${id}`)).toEqual([]);
  });

  test("is nothing when its conversation has gone meanwhile", async () => {
    const id = await say(["auk"]);
    await database.query(sql`delete from conversation where id = ${id}`);
    await writeDue(database, silentLogger);
    expect([await count("auk"), await due()]).toEqual([0, 0]);
  });

  test("is written again by whoever comes next when it was not to the end", async () => {
    await say(["guillemot"]);
    const stopping: Database = {
      ...database,
      transaction: (work) =>
        database.transaction(async () => {
          await work();
          throw new Error("the process was killed");
        }),
      query: (statement) =>
        statement.text.includes("delete from search_due where id")
          ? Promise.reject(new Error("it was killed"))
          : database.query(statement),
    };
    await expect(writeDue(stopping, silentLogger)).rejects.toThrow("it was killed");
    expect([await count("guillemot"), await due()]).toEqual([0, 1]);
    await writeDue(database, silentLogger);
    expect([await count("guillemot"), await due()]).toEqual([1, 0]);
  });
});
