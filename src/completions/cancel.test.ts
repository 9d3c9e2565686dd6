import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Accepted } from "../conversations/sending/accept.ts";
import { getMessage } from "../conversations/messages.ts";
import { remove } from "../conversations/remove.ts";
import { createClaimOptions } from "../engine/claim/claim-options.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { notFound } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { cancelOfUser } from "./cancel-of-user.ts";
import { cancel, cancelActive } from "./cancel.ts";
import { takeOver } from "./claim.ts";
import { recordHandOver } from "./progress.ts";
import { getCompletion } from "./read.ts";
import { replay } from "./log/replay.ts";

describe.each(testDatabases)("B9 a cancel on $name", ({ open }) => {
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

  const stop = ({ completionId }: Pick<Accepted, "completionId">) => {
    signalled.length = pushed.length = 0;
    return cancel(worker.spine.context, principal, completionId, permitAll);
  };
  const read = ({ completionId }: Accepted) => getCompletion(database, principal, completionId, permitAll);

  it("ends a queued one at once, wakes somebody for its log and for the next, and keeps an empty answer", async () => {
    const first = await worker.send("one");
    const second = await worker.send("two", { conversationId: first.conversationId });
    const cancelled = await stop(first);
    expect(cancelled).toMatchObject({ status: "cancelled", usage: null, error: null });
    expect(cancelled.timing.finishedAt).not.toBeNull();
    expect(pushed).toEqual([first.completionId, second.completionId]);
    expect(signalled).toEqual([]);
    const message = await getMessage(
      database,
      principal,
      { conversationId: first.conversationId, messageId: first.messageId },
      permitAll,
    );
    expect(message).toMatchObject({ parts: [], parentId: first.userMessageId });
    expect(await worker.tryClaim(first)).toBeNull();
    const told = await replay(database, { workspaceId: first.workspaceId, completionId: first.completionId });
    expect(told?.chunks.slice(1)).toEqual([{ type: "abort" }, { type: "finish", finishReason: "interrupted" }]);
  });

  it("asks the worker of a running one, once and for ever, and keeps what was shown", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    for (let time = 0; time < 3; time += 1) {
      expect(await stop(accepted)).toMatchObject({ status: "running" });
      expect(signalled).toEqual([accepted.completionId]);
      expect(pushed).toEqual([]);
    }
    const askedAt = () =>
      database.query(sql`select cancel_requested_at from completion where id = ${accepted.completionId}`);
    const before = await askedAt();
    await stop(accepted);
    expect(await askedAt()).toEqual(before);
    await worker.end(claim, "half", { event: "stop" });
    expect(await read(accepted)).toMatchObject({ status: "cancelled" });
    const told = await replay(database, { workspaceId: accepted.workspaceId, completionId: accepted.completionId });
    expect(told?.ending).toEqual({ status: "cancelled" });
    expect(told?.chunks.filter(({ type }) => type === "text-delta")).toEqual([
      { type: "text-delta", id: expect.any(String), delta: "half" },
    ]);
  });

  it.each([
    ["completed", { event: "finish", finishReason: "stop" }],
    ["failed", { event: "fail", error: { code: "provider_busy", message: "The model is busy." } }],
    ["cancelled", { event: "stop" }],
  ] as const)("changes nothing of one that has %s", async (status, outcome) => {
    const accepted = await worker.send("one");
    await worker.end(await worker.claim(accepted), "words", outcome);
    const before = await read(accepted);
    expect(before.status).toBe(status);
    expect(await stop(accepted)).toEqual(before);
    expect(signalled).toEqual([]);
    expect(await read(accepted)).toEqual(before);
  });

  it("makes one that waits for an answer due again, so that the next worker ends it", async () => {
    const accepted = await worker.send("one");
    await worker.claim(accepted);
    await database.query(
      sql`update completion set status = 'waiting', lease_until = null, worker_id = null where id = ${accepted.completionId}`,
    );
    expect(await stop(accepted)).toMatchObject({ status: "running" });
    const next = await takeOver(database, createClaimOptions(worker.spine.dependencies()));
    expect(next).toMatchObject({ completionId: accepted.completionId, isCancelled: true, crashes: 0, fence: 2 });
  });

  it("is found by the next worker, when the one that was asked has gone away", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    await recordHandOver(database, claim);
    expect(await stop(accepted)).toMatchObject({ status: "running" });
    const next = await takeOver(database, createClaimOptions(worker.spine.dependencies()));
    expect(next).toMatchObject({ completionId: accepted.completionId, isCancelled: true, crashes: 0, fence: 2 });
  });

  it("is refused for what is not there, is elsewhere, is deleted, or does not let pass", async () => {
    const accepted = await worker.send("one");
    const { completionId, conversationId } = accepted;
    const deny = (): never => {
      throw notFound("conversation");
    };
    const other = await createPrincipal(database);
    const { context } = worker.spine;
    const attempts = [
      () => cancel(context, principal, createId(), permitAll),
      () => cancel(context, other, completionId, permitAll),
      () => cancel(context, principal, completionId, deny),
      () => cancelActive(context, principal, conversationId, deny),
      () => cancelActive(context, other, conversationId, permitAll),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    expect(await read(accepted)).toMatchObject({ status: "queued" });
    await remove(context, principal, conversationId, permitAll);
    await expect(cancel(context, principal, completionId, permitAll)).rejects.toMatchObject({ code: "not_found" });
  });

  it("by conversation ends what is at work, and says so", async () => {
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    const { conversationId } = accepted;
    expect(await cancelActive(worker.spine.context, principal, conversationId, permitAll)).toMatchObject({
      id: accepted.completionId,
      status: "running",
    });
    await worker.end(claim, "half", { event: "stop" });
    expect(await cancelActive(worker.spine.context, principal, conversationId, permitAll)).toBeNull();
  });

  it("by conversation ends what goes first before a worker took it, and leaves what waits behind it", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const second = await worker.send("two", { conversationId });
    const stopped = await cancelActive(worker.spine.context, principal, conversationId, permitAll);
    expect(stopped).toMatchObject({ id: first.completionId, status: "cancelled" });
    expect(await worker.path(conversationId, first.messageId)).toEqual(["one", "…"]);
    await worker.answer(second, "two!");
    expect(await worker.path(conversationId, second.messageId)).toEqual(["one", "…", "two", "two!"]);
    expect(await cancelActive(worker.spine.context, principal, conversationId, permitAll)).toBeNull();
  });

  it("names whoever asked first, with the message as well, and nobody where it was not stopped", async () => {
    const { context } = worker.spine;
    const other = { ...(await createPrincipal(database)), workspaceId: principal.workspaceId };
    await database.query(sql`update "user" set name = 'Ada' where id = ${other.userId}`);
    const accepted = await worker.send("one");
    const claim = await worker.claim(accepted);
    await cancel(context, other, accepted.completionId, permitAll);
    await stop(accepted);
    expect(await read(accepted)).toMatchObject({ status: "running", cancelledBy: null });
    await worker.end(claim, "half", { event: "stop" });
    const cancelledBy = { id: other.userId, name: "Ada" };
    expect(await read(accepted)).toMatchObject({ status: "cancelled", cancelledBy });
    const { conversationId, messageId } = accepted;
    const shown = await getMessage(database, principal, { conversationId, messageId }, permitAll);
    expect(shown.completion).toMatchObject({ cancelledBy });

    const finished = await worker.send("two");
    await worker.answer(finished, "whole");
    await cancel(context, other, finished.completionId, permitAll);
    expect(await read(finished)).toMatchObject({ status: "completed", cancelledBy: null });
    const waiting = await worker.send("three");
    await cancelOfUser(database, { userId: principal.userId });
    expect(await read(waiting)).toMatchObject({ status: "cancelled", cancelledBy: null });
  });
});
