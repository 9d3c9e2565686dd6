import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createId } from "../foundation/ids.ts";
import { silentLogger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { append } from "./sending/append.ts";
import { create, type CreateInput } from "./create.ts";
import { collectOrphans } from "./files/collect-orphans.ts";
import { purgeConversations } from "./purge.ts";
import { remove } from "./remove.ts";
import { writeDue } from "./search/write-due.ts";
import { vote } from "./vote.ts";

describe.each(testDatabases)("conversations that have had their time on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
  });
  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const make = async (words: string, input: CreateInput = {}, principal: Principal = worker.spine.principal) => {
    const { id } = await create(worker.spine.context, principal, input);
    if (principal !== worker.spine.principal) return id;
    const accepted = await worker.send(words, { conversationId: id });
    await worker.answer(accepted, `answer to ${words}`);
    const target = { conversationId: id, messageId: accepted.messageId };
    await vote(worker.spine.context, principal, { ...target, choice: { value: "up", reason: words } }, permitAll);
    return id;
  };
  const age = (id: string, column: "deleted_at" | "updated_at", hours: number) =>
    database.query(
      sql`update conversation set ${sql([column])} = now() - make_interval(hours => ${hours}::int) where id = ${id}`,
    );
  const kept = async (ids: readonly string[]) => {
    const rows = await database.query<{ id: string }>(sql`select id from conversation where id = any(${ids})`);
    const there = new Set(rows.map(({ id }) => id));
    return ids.map((id) => there.has(id));
  };
  const tablesWith = async (words: string): Promise<string[]> => {
    const tables = await database.query<{ name: string }>(sql`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query(sql`
        select 1 from ${sql([`"${name}"`])} t where position(${words} in to_jsonb(t)::text) > 0 limit 1`);
      if (rows.length > 0) found.push(name);
    }
    return found.toSorted();
  };

  test("A1 a deleted one stays 30 days, then nothing of it is left but its ledger", async () => {
    const secret = `secret${createId().replaceAll("-", "")}`;
    const id = await make(secret, { title: secret });
    const url = `data:text/plain;base64,${Buffer.from(secret).toString("base64")}`;
    const file = { id: createId(), parts: [{ type: "file", mediaType: "text/plain", url }] as const };
    await append(worker.spine.context, worker.spine.principal, { conversationId: id, message: file }, permitAll);
    await writeDue(database, silentLogger);
    expect(await tablesWith(secret)).toEqual(expect.arrayContaining(["message_search", "title_search"]));
    const [attached] = await database.query<{ id: string }>(sql`select id from attachment`);
    expect(await worker.spine.context.blobs.get(attached!.id)).not.toBeNull();
    await remove(worker.spine.context, worker.spine.principal, id, permitAll);
    await age(id, "deleted_at", 30 * 24 - 1);
    await purgeConversations(database);
    expect(await kept([id])).toEqual([true]);
    expect(await tablesWith(secret)).toContain("message");
    await age(id, "deleted_at", 30 * 24 + 1);
    await purgeConversations(database);
    expect(await tablesWith(secret)).toEqual([]);
    expect((await tablesWith(id)).filter((name) => name !== "idempotency")).toEqual(["usage"]);
    await database.query(sql`update attachment set created_at = now() - interval '2 days'`);
    await collectOrphans({ database, blobs: worker.spine.context.blobs }, Date.now() + 7_200_000);
    expect(await database.query(sql`select 1 from attachment`)).toEqual([]);
    expect(await worker.spine.context.blobs.get(attached!.id)).toBeNull();
  });

  test("N10 a temporary one goes a day after its last activity, another stays", async () => {
    const ids = [await make("old", { temporary: true }), await make("young", { temporary: true }), await make("old")];
    await age(ids[0]!, "updated_at", 25);
    await age(ids[1]!, "updated_at", 23);
    await age(ids[2]!, "updated_at", 25);
    await purgeConversations(database);
    expect(await kept(ids)).toEqual([false, true, true]);
  });

  test("one that is at work stays until it rests, and keeps no other one from going", async () => {
    const ids: string[] = [];
    for (let number = 0; number < 3; number += 1) ids.push((await worker.send("hello")).conversationId);
    ids.push(await make("rests"));
    for (const id of ids) await age(id, "updated_at", 48);
    await database.query(sql`update conversation set temporary = true where id = any(${ids})`);
    await purgeConversations(database);
    expect(await kept(ids)).toEqual([true, true, true, false]);
  });

  test("what a workspace keeps for some days only goes after them, and other workspaces keep theirs", async () => {
    const [first, second] = [await createPrincipal(database), await createPrincipal(database)];
    const ids: string[] = [];
    for (let number = 0; number < 150; number += 1) ids.push(await make("x", {}, first));
    const young = await make("x", {}, first);
    const other = await make("x", {}, second);
    await database.query(sql`update workspace set retention_days = 10 where id = ${first.workspaceId}`);
    for (const id of [...ids, other]) await age(id, "updated_at", 241);
    await age(young, "updated_at", 239);
    await purgeConversations(database);
    expect(await kept([young, other])).toEqual([true, true]);
    expect(new Set(await kept(ids))).toEqual(new Set([false]));
  });
});
