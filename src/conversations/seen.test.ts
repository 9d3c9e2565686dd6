import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cancel } from "../completions/cancel.ts";
import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll, until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { countRowsRead } from "../testing/databases/rows-read.ts";
import { change } from "./change.ts";
import { listConversations, type ConversationQuery } from "./read.ts";
import { see } from "./seen.ts";

describe.each(testDatabases)("what was seen on $name", ({ openNew }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;

  beforeAll(async () => {
    database = await openNew();
    worker = await createHandWorker({ database });
    principal = worker.spine.principal;
  });
  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const isUnread = async (id: string): Promise<boolean | undefined> =>
    (await listConversations(database, principal, { limit: 50 })).data.find((one) => one.id === id)?.unread;

  test("N10 an answer is unread until its owner looks, and their other devices are told once", async () => {
    const told: string[] = [];
    const stop = await worker.spine.context.signals.subscribe("hint", (payload) => {
      if (payload.includes('"seen"')) told.push(payload);
    });
    const first = await worker.send("hello");
    const { conversationId: id } = first;
    expect(await isUnread(id)).toBe(false);
    await worker.answer(first, "hi");
    expect(await isUnread(id)).toBe(true);
    const other = { ...(await createPrincipal(database)), workspaceId: principal.workspaceId };
    await see(worker.spine.context, other, id, permitAll);
    expect(await isUnread(id)).toBe(true);
    for (let time = 0; time < 3; time += 1) await see(worker.spine.context, principal, id, permitAll);
    expect(await isUnread(id)).toBe(false);
    await until(async () => told.length > 0);
    const second = await worker.send("more", { conversationId: id });
    expect(await isUnread(id)).toBe(false);
    await worker.answer(second, "again");
    expect(await isUnread(id)).toBe(true);
    await see(worker.spine.context, principal, id, permitAll);
    await until(async () => told.length > 1);
    expect(told.map((payload) => JSON.parse(payload) as object)).toEqual([
      expect.objectContaining({ kind: "seen", id, ownerId: principal.userId }),
      expect.objectContaining({ kind: "seen", id }),
    ]);
    stop();
  });

  const ids = async (query: Partial<ConversationQuery>, viewer = principal): Promise<string[]> =>
    (await listConversations(database, viewer, { limit: 50, ...query })).data.map(({ id }) => id);

  test("N10 those that are unread are a list of their own, page by page, and so are the others", async () => {
    const sent = [await worker.send("one"), await worker.send("two"), await worker.send("three")];
    const [read = "", older = "", newer = ""] = sent.map(({ conversationId }) => conversationId);
    for (const one of sent) await worker.answer(one, "an answer");
    await see(worker.spine.context, principal, read, permitAll);
    expect(await ids({ unread: true })).toEqual([newer, older]);
    expect(await ids({ unread: false })).toContain(read);
    expect(await ids({ unread: false })).not.toContain(newer);
    const first = await listConversations(database, principal, { unread: true, limit: 1, count: true });
    expect([first.data.map(({ id, unread }) => [id, unread]), first.count]).toEqual([[[newer, true]], 2]);
    expect(await ids({ unread: true, cursor: first.nextCursor ?? undefined })).toEqual([older]);
    await change(worker.spine.context, principal, { conversationId: older, change: { pinned: true } }, permitAll);
    expect(await ids({ unread: true, pinned: true })).toEqual([older]);
    for (const id of [older, newer]) await see(worker.spine.context, principal, id, permitAll);
    expect(await ids({ unread: true })).toEqual([]);
  });

  test("N10 what is taken back before its turn leaves nothing to be read", async () => {
    const { conversationId, completionId } = await worker.send("never mind");
    await cancel(worker.spine.context, principal, completionId, permitAll);
    expect(await isUnread(conversationId)).toBe(false);
  });

  test("N10 what others share is unread to each of them by what they have seen themselves", async () => {
    const shared = await worker.send("for all");
    const { conversationId: id } = shared;
    await worker.answer(shared, "an answer");
    await change(
      worker.spine.context,
      principal,
      { conversationId: id, change: { visibility: "workspace" } },
      permitAll,
    );
    const [one, other] = await Promise.all(
      [1, 2].map(async () => ({ ...(await createPrincipal(database)), workspaceId: principal.workspaceId })),
    );
    await see(worker.spine.context, one!, id, permitAll);
    expect(await ids({ shared: true, unread: true }, one)).toEqual([]);
    expect(await ids({ shared: true, unread: false }, one)).toEqual([id]);
    expect(await ids({ shared: true, unread: true }, other)).toEqual([id]);
    expect(await ids({ unread: true })).toEqual([id]);
    await see(worker.spine.context, principal, id, permitAll);
  });

  test("N10 to list what is unread nothing is read of what is not", async () => {
    const { userId, workspaceId } = principal;
    await database.query(sql`
      insert into conversation (workspace_id, id, owner_id, agent, answered_at, seen_at, updated_at)
      select ${workspaceId}, 'read-' || n, ${userId}, 'default', now() - interval '2 hours', now() - interval '1 hour', now()
      from generate_series(1, 2000) n`);
    const sent = await worker.send("hello");
    await worker.answer(sent, "hi");
    expect(await ids({ unread: true })).toEqual([sent.conversationId]);
    expect(await countRowsRead(database, () => ids({ unread: true }))).toBeLessThan(20);
    await see(worker.spine.context, principal, sent.conversationId, permitAll);
    expect(await countRowsRead(database, () => ids({ unread: true }))).toBeLessThan(20);
  });
});
