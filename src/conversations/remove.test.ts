import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getCompletion, listCompletions } from "../completions/read.ts";
import type { Database } from "../ports/database.ts";
import { NatterError } from "../foundation/errors.ts";
import type { ConversationAccess } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { whileLocked } from "../testing/blocked.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { permitAll } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import type { Accepted } from "./sending/accept.ts";
import { change } from "./change.ts";
import { getMessage, listMessages } from "./messages.ts";
import { getConversation, listConversations } from "./read.ts";
import { remove, restore } from "./remove.ts";
import { listWaiting } from "./sending/waiting-sends.ts";

describe.each(testDatabases)("D8 a deleted conversation on $name", ({ name, open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;
  const signalled: string[] = [];
  const pushed: string[] = [];

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    principal = worker.spine.principal;
    const { signals } = worker.spine.context;
    await signals.subscribe("cancel", (key) => void signalled.push(JSON.parse(key).completionId));
    await signals.subscribe("work", (key) => void pushed.push(JSON.parse(key).completionId));
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const drop = (id: string) => remove(worker.spine.context, principal, id, permitAll);
  const bringBack = (id: string) => restore(worker.spine.context, principal, id, permitAll);

  it("is in no list and under no id, and neither is what is in it", async () => {
    const { conversationId, messageId, completionId } = await worker.send("one");
    const isListed = async () =>
      (await listConversations(database, principal, { limit: 200 })).data.some(({ id }) => id === conversationId);
    expect(await isListed()).toBe(true);
    await drop(conversationId);
    expect(await isListed()).toBe(false);
    const reads = [
      getConversation(database, principal, conversationId, permitAll),
      listMessages(database, principal, { conversationId, limit: 5 }, permitAll),
      getMessage(database, principal, { conversationId, messageId }, permitAll),
      getCompletion(database, principal, completionId, permitAll),
      listCompletions(database, principal, conversationId, permitAll),
      listWaiting(database, principal, conversationId, permitAll),
      change(worker.spine.context, principal, { conversationId, change: { title: "x" } }, permitAll),
      drop(conversationId),
    ];
    for (const outcome of await Promise.allSettled(reads))
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
  });

  it("stops what runs, ends what waits, and starts nothing", async () => {
    const running = await worker.send("one");
    const { conversationId } = running;
    const claim = await worker.claim(running);
    const waiting = [await worker.send("two", { conversationId }), await worker.send("three", { conversationId })];
    signalled.length = pushed.length = 0;
    await drop(conversationId);
    expect(new Set(signalled)).toEqual(new Set([running.completionId]));
    expect(new Set(pushed)).toEqual(new Set(waiting.map(({ completionId }) => completionId)));
    const rows = await database.query<{ status: string; asked: boolean; ended: boolean }>(sql`
      select status, cancel_requested_at is not null as asked, finished_at is not null as ended from completion
      where conversation_id = ${conversationId} order by rank`);
    expect(rows).toEqual([
      { status: "running", asked: true, ended: false },
      { status: "cancelled", asked: true, ended: true },
      { status: "cancelled", asked: true, ended: true },
    ]);
    expect(await worker.end(claim, "half", { event: "stop" })).toBeNull();
    for (const each of waiting) expect(await worker.tryClaim(each)).toBeNull();
  });

  it("ends also what was accepted while it was being deleted", async () => {
    const first = await worker.send("one");
    await worker.answer(first, "re one");
    const { conversationId } = first;
    const second = Promise.withResolvers<Accepted>();
    await whileLocked({ name, database }, conversationId, [
      () => worker.send("two", { conversationId }).then(second.resolve, second.reject),
      () => drop(conversationId),
    ]);
    const { completionId } = await second.promise;
    const rows = await database.query(sql`select status from completion where id = ${completionId}`);
    expect(rows).toEqual([{ status: "cancelled" }]);
  });

  it("starts nothing that was queued behind the delete's back either", async () => {
    const accepted = await worker.send("one");
    await database.query(sql`update conversation set deleted_at = now() where id = ${accepted.conversationId}`);
    expect(await worker.tryClaim(accepted)).toBeNull();
  });

  it("comes back within 30 days as it was, and can be sent to", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    await worker.answer(first, "re one");
    const before = await getConversation(database, principal, conversationId, permitAll);
    await drop(conversationId);
    await database.query(
      sql`update conversation set deleted_at = now() - interval '29 days 23 hours' where id = ${conversationId}`,
    );
    const after = await bringBack(conversationId);
    expect(after).toEqual({ ...before, version: before.version + 2 });
    const next = await worker.send("two", { conversationId });
    await worker.answer(next, "re two");
    expect(await worker.path(conversationId, next.messageId)).toEqual(["one", "re one", "two", "re two"]);
    expect((await bringBack(conversationId)).deletedAt).toBeNull();
  });

  it("does not come back after 30 days", async () => {
    const { conversationId } = await worker.send("one");
    await drop(conversationId);
    await database.query(
      sql`update conversation set deleted_at = now() - interval '30 days 1 hour' where id = ${conversationId}`,
    );
    await expect(bringBack(conversationId)).rejects.toMatchObject({ code: "not_found" });
  });

  it("is deleted and brought back only where the permit lets pass, which is told that it is deleted", async () => {
    const { conversationId } = await worker.send("one");
    const deny = (): never => {
      throw new NatterError("forbidden", "no");
    };
    await expect(remove(worker.spine.context, principal, conversationId, deny)).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await getConversation(database, principal, conversationId, permitAll)).toMatchObject({ deletedAt: null });
    await drop(conversationId);
    const asked: ConversationAccess[] = [];
    await expect(restore(worker.spine.context, principal, conversationId, deny)).rejects.toMatchObject({
      code: "forbidden",
    });
    await restore(worker.spine.context, principal, conversationId, (access) => void asked.push(access));
    expect(asked).toMatchObject([{ ownerId: principal.userId, deletedAt: expect.any(Date) }]);
  });
});
