import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../ports/database.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { countRowsRead } from "../testing/databases/rows-read.ts";
import { permitAll } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { create } from "./create.ts";
import { listMessages, type MessageQuery } from "./messages.ts";

/** Rows that a page of 50, or a send with its claim, may read in all tables together. */
const mostRows = 200;

describe.each(testDatabases)("a conversation of 10,000 messages on $name", ({ openNew }) => {
  let database: Database;
  let worker: HandWorker;
  let long: string;
  let short: string;

  beforeAll(async () => {
    database = await openNew();
    worker = await createHandWorker({ database });
    long = await fill(10_000);
    short = await fill(100);
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const fill = async (count: number): Promise<string> => {
    const { workspaceId, userId } = worker.spine.principal;
    const { id } = await create(worker.spine.context, worker.spine.principal, {});
    await database.query(sql`
      insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts, completion_id)
      select ${workspaceId}, ${id}, 'message-' || n, case when n > 1 then 'message-' || n - 1 end, ${userId}, n,
        case when n % 2 = 1 then 'user' else 'assistant' end, '[{"type":"text","text":"words"}]',
        case when n % 2 = 0 then ${id} || n end
      from generate_series(1, ${count}::int) n`);
    await database.query(sql`
      insert into completion (workspace_id, id, conversation_id, message_id, requested_by, status, rank, agent, model, log_closed)
      select workspace_id, completion_id, conversation_id, id, ${userId}, 'completed', sequence, 'default', 'test/model', true
      from message where conversation_id = ${id} and completion_id is not null`);
    await database.query(sql`
      update conversation set next_sequence = ${count} + 1, message_count = ${count}, active_leaf_id = 'message-' || ${count}::int
      where id = ${id}`);
    return id;
  };

  const list = (query: MessageQuery) => listMessages(database, worker.spine.principal, query, permitAll);

  it.each([
    ["the last page of the active branch", { branch: "active" }],
    ["a page of the branch from its middle", { branch: "message-50" }],
    ["the last page by number", { before: 1_000_000 }],
    ["a page by number from the middle", { after: 40 }],
  ])("opens %s by index, as a short one does", async (_what, place) => {
    const measure = (conversationId: string) =>
      countRowsRead(database, () => list({ conversationId, limit: 50, ...place }));
    const [inLong, inShort] = [await measure(long), await measure(short)];
    expect(inShort).toBeGreaterThanOrEqual(75);
    expect(inLong).toBeLessThanOrEqual(mostRows);
    expect(inLong).toBeLessThanOrEqual(inShort + 20);
  });

  it("takes a send and its claim by index, as a short one does", async () => {
    const measure = (conversationId: string) =>
      countRowsRead(database, async () => worker.claim(await worker.send("more", { conversationId })));
    const [inLong, inShort] = [await measure(long), await measure(short)];
    expect(inShort).toBeGreaterThanOrEqual(100);
    expect(inLong).toBeLessThanOrEqual(mostRows);
    expect(inLong).toBeLessThanOrEqual(inShort + 20);
  });

  it("takes them by index with all its summaries, too, and reads those of the window alone (C7)", async () => {
    const { workspaceId } = worker.spine.principal;
    for (const id of [long, short])
      await database.query(sql`
        insert into summary (workspace_id, conversation_id, message_id, text, messages, model)
        select workspace_id, conversation_id, id, 'summary', sequence, 'test/model' from message
        where workspace_id = ${workspaceId} and conversation_id = ${id} and sequence <= 10000 and sequence % 25 = 0`);
    const measure = (conversationId: string) =>
      countRowsRead(database, async () => worker.claim(await worker.send("more", { conversationId })));
    const ended = async (conversationId: string) =>
      database.query(sql`update completion set status = 'completed' where conversation_id = ${conversationId}`);
    for (const id of [long, short]) await ended(id);
    const [inLong, inShort] = [await measure(long), await measure(short)];
    expect(inLong).toBeLessThanOrEqual(mostRows + 20);
    expect(inLong).toBeLessThanOrEqual(inShort + 20);
  });

  it("is read whole in pages of 200", async () => {
    let leaf: string | null = "message-10000";
    let count = 0;
    while (leaf !== null) {
      const page: Awaited<ReturnType<typeof list>> = await list({ conversationId: long, branch: leaf, limit: 200 });
      expect(page.data.at(-1)?.id).toBe(leaf);
      count += page.data.length;
      leaf = page.nextCursor;
    }
    expect(count).toBe(10_000);
  });
});
