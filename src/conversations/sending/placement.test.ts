import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancel } from "../../completions/cancel.ts";
import { takeOver } from "../../completions/claim.ts";
import { createClaimOptions } from "../../engine/claim/claim-options.ts";
import { getCompletion } from "../../completions/read.ts";
import type { Database } from "../../ports/database.ts";
import { whileLocked } from "../../testing/blocked.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { permitAll, text } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import type { Accepted } from "./accept.ts";
import { edit } from "./edit.ts";
import { listMessages, removeMessage } from "../messages.ts";
import { getConversation } from "../read.ts";
import { regenerate } from "./regenerate.ts";
import { remove, restore } from "../remove.ts";
import { removeWaiting, sendNow } from "./waiting-sends.ts";

describe.each(testDatabases)("N4 the place of a waiting send in the tree, on $name", ({ name, open }) => {
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

  const path = (accepted: Accepted) => worker.path(accepted.conversationId, accepted.messageId);
  const leafOf = async ({ conversationId }: Accepted) =>
    (await getConversation(database, worker.spine.principal, conversationId, permitAll)).activeLeafId;
  const again = (accepted: Accepted, onBusy: "queue" | "interrupt" = "queue") =>
    regenerate(
      worker.spine.context,
      worker.spine.principal,
      { conversationId: accepted.conversationId, messageId: accepted.userMessageId!, onBusy },
      permitAll,
    );
  const reword = (accepted: Accepted, words: string, onBusy: "queue" | "interrupt" = "queue") =>
    edit(
      worker.spine.context,
      worker.spine.principal,
      { conversationId: accepted.conversationId, messageId: accepted.userMessageId!, parts: text(words), onBusy },
      permitAll,
    );
  const stop = (accepted: Accepted) =>
    cancel(worker.spine.context, worker.spine.principal, accepted.completionId, permitAll);
  const removeMessages = async (conversationId: string, ...ids: readonly string[]) => {
    for (const messageId of ids)
      await removeMessage(worker.spine.context, worker.spine.principal, { conversationId, messageId }, permitAll);
  };

  it("is under the answer before it, and the active leaf moves there when its turn comes", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    expect(await leafOf(first)).toBeNull();
    await worker.answer(first, "re one");
    expect(await leafOf(first)).toBe(first.messageId);
    await worker.answer(second, "re two");
    expect(await leafOf(first)).toBe(second.messageId);
    await worker.answer(third, "re three");
    expect(await path(third)).toEqual(["one", "re one", "two", "re two", "three", "re three"]);
  });

  it("is under the regenerated answer, when the one that it was sent on was regenerated meanwhile", async () => {
    const first = await worker.send("one");
    const claim = await worker.claim(first);
    const waiting = await worker.send("two", { conversationId: first.conversationId });
    const other = await again(first, "interrupt");
    await worker.end(claim, "half an ans", { event: "stop" });
    expect(await worker.tryClaim(waiting)).toBeNull();
    await worker.answer(other, "another answer");
    await worker.answer(waiting, "re two");
    expect(await path(waiting)).toEqual(["one", "another answer", "two", "re two"]);
  });

  it("stays on its own side of an edit that came meanwhile", async () => {
    const root = await worker.send("root");
    await worker.answer(root, "re root");
    const first = await worker.send("one", { conversationId: root.conversationId });
    const claim = await worker.claim(first);
    const waiting = await worker.send("two", { conversationId: root.conversationId });
    const edited = await reword(first, "ONE", "interrupt");
    await worker.end(claim, "re one", { event: "stop" });
    await worker.answer(edited, "re ONE");
    await worker.answer(waiting, "re two");
    expect(await path(edited)).toEqual(["root", "re root", "ONE", "re ONE"]);
    expect(await path(waiting)).toEqual(["root", "re root", "one", "re one", "two", "re two"]);
  });

  it("is not under a message whose own turn has not come", async () => {
    const root = await worker.send("root");
    await worker.answer(root, "re root");
    const claim = await worker.claim(await again(root));
    const elsewhere = await worker.send("elsewhere", { conversationId: root.conversationId, parentId: root.messageId });
    const waiting = await worker.send("two", { conversationId: root.conversationId });
    await worker.end(claim, "another answer");
    await sendNow(worker.spine.context, worker.spine.principal, waiting.completionId, permitAll);
    await worker.answer(waiting, "re two");
    expect(await path(waiting)).toEqual(["root", "another answer", "two", "re two"]);
    await worker.answer(elsewhere, "re elsewhere");
    expect(await path(elsewhere)).toEqual(["root", "re root", "elsewhere", "re elsewhere"]);
  });

  it("is under what went before it by send now, whatever their numbers", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await sendNow(worker.spine.context, worker.spine.principal, third.completionId, permitAll);
    await worker.end(claim, "re one", { event: "stop" });
    await worker.answer(third, "re three");
    await worker.answer(second, "re two");
    const fourth = await worker.send("four", { conversationId });
    await worker.answer(fourth, "re four");
    expect(await path(fourth)).toEqual(["one", "re one", "three", "re three", "two", "re two", "four", "re four"]);
  });

  it("follows live messages below removed ones, whatever their numbers", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await sendNow(worker.spine.context, worker.spine.principal, third.completionId, permitAll);
    await worker.end(claim, "re one", { event: "stop" });
    const running = await worker.claim(third);
    const fourth = await worker.send("four", { conversationId });
    await worker.end(running, "re three");
    await worker.answer(second, "re two");
    await removeMessages(conversationId, third.messageId);
    await worker.answer(fourth, "re four");
    expect(await path(fourth)).toEqual(["one", "re one", "three", "two", "re two", "four", "re four"]);
  });

  it("keeps the place that it has, when its answer waits for something and is cancelled then", async () => {
    const first = await worker.send("one");
    const second = await worker.send("two", { conversationId: first.conversationId });
    await worker.answer(first, "re one");
    await worker.claim(second);
    await database.query(sql`update completion set status = 'waiting' where id = ${second.completionId}`);
    await stop(second);
    const taken = await takeOver(database, createClaimOptions(worker.spine.dependencies()));
    expect(taken).toMatchObject({ completionId: second.completionId, isCancelled: true });
    await worker.end(taken!, "", { event: "stop" });
    expect(await path(second)).toEqual(["one", "re one", "two", "…"]);
  });

  it("is under the nearest message that is left, when all that it was sent on was removed", async () => {
    const root = await worker.send("root");
    const { conversationId } = root;
    await worker.answer(root, "re root");
    const first = await worker.send("one", { conversationId });
    const claim = await worker.claim(first);
    const waiting = await worker.send("two", { conversationId });
    await worker.end(claim, "re one");
    await removeMessages(conversationId, first.messageId, first.userMessageId!);
    await worker.answer(waiting, "re two");
    expect(await path(waiting)).toEqual(["root", "re root", "two", "re two"]);
  });

  it("is the root, when the only one before it was taken back", async () => {
    const first = await worker.send("one");
    const second = await worker.send("two", { conversationId: first.conversationId });
    await removeWaiting(worker.spine.context, worker.spine.principal, first.completionId, permitAll);
    await worker.answer(second, "re two");
    expect(await path(second)).toEqual(["two", "re two"]);
  });

  it("is under the one before it, also when the first of three was taken back", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await removeWaiting(worker.spine.context, worker.spine.principal, first.completionId, permitAll);
    await worker.answer(second, "re two");
    await worker.answer(third, "re three");
    expect(await path(third)).toEqual(["two", "re two", "three", "re three"]);
  });

  it("is under the one before it, also when that was sent while a third waited and was taken back", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await removeWaiting(worker.spine.context, worker.spine.principal, second.completionId, permitAll);
    await worker.answer(first, "re one");
    await worker.answer(third, "re three");
    expect(await path(third)).toEqual(["one", "re one", "three", "re three"]);
  });

  it("is under the last live answer, when what was said after it was removed", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await worker.end(claim, "re one");
    await worker.answer(second, "re two");
    await removeMessages(conversationId, second.messageId, second.userMessageId!);
    await worker.answer(third, "re three");
    expect(await path(third)).toEqual(["one", "re one", "three", "re three"]);
  });

  it("is on the active branch, when nothing of its own is left", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const waiting = await worker.send("two", { conversationId });
    const edited = await reword(first, "ONE", "interrupt");
    await worker.end(claim, "re one", { event: "stop" });
    await worker.answer(edited, "re ONE");
    await removeMessages(conversationId, first.messageId, first.userMessageId!);
    await worker.answer(waiting, "re two");
    expect(await path(waiting)).toEqual(["ONE", "re ONE", "two", "re two"]);
  });

  it("is given to a cancelled one as well, which keeps an empty answer; the next goes below it", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    expect(await stop(second)).toMatchObject({ status: "cancelled" });
    expect(await path(second)).toEqual(["one", "…", "two", "…"]);
    await worker.end(claim, "re one");
    await worker.answer(third, "re three");
    expect(await path(third)).toEqual(["one", "re one", "two", "…", "three", "re three"]);
    expect(await worker.tryClaim(second)).toBeNull();
  });

  it("is in one line with the others, when all are cancelled at once", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const waiting: Accepted[] = [];
    for (const words of ["two", "three", "four"]) waiting.push(await worker.send(words, { conversationId }));
    await whileLocked(
      { name, database },
      conversationId,
      waiting.map((each) => () => stop(each)),
    );
    await worker.end(claim, "re one");
    const last = await worker.send("last", { conversationId });
    await worker.answer(last, "re last");
    expect((await path(last)).toSorted()).toEqual(
      ["one", "re one", "two", "…", "three", "…", "four", "…", "last", "re last"].toSorted(),
    );
  });

  it("is in one line with one that is cancelled just when its turn comes", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await worker.end(claim, "re one");
    await whileLocked({ name, database }, conversationId, [() => worker.tryClaim(second), () => stop(third)]);
    await worker.tryClaim(second);
    const fourth = await worker.send("four", { conversationId });
    const running = {
      ...second,
      ...(await getCompletion(database, worker.spine.principal, second.completionId, permitAll)),
    };
    expect(running.status).toBe("running");
    await database.query(sql`update completion set status = 'completed' where id = ${second.completionId}`);
    await worker.answer(fourth, "re four");
    expect((await path(fourth)).toSorted()).toEqual(
      ["one", "re one", "two", "…", "three", "…", "four", "re four"].toSorted(),
    );
  });

  it("is given when the conversation is deleted, so that a restored one has one root", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const claim = await worker.claim(first);
    const second = await worker.send("two", { conversationId });
    const third = await worker.send("three", { conversationId });
    await remove(worker.spine.context, worker.spine.principal, conversationId, permitAll);
    await worker.end(claim, "re one", { event: "stop" });
    await restore(worker.spine.context, worker.spine.principal, conversationId, permitAll);
    expect(await path(third)).toEqual(["one", "re one", "two", "…", "three", "…"]);
    const { data } = await listMessages(database, worker.spine.principal, { conversationId, limit: 50 }, permitAll);
    expect(data.filter(({ parentId }) => parentId === null)).toHaveLength(1);
    expect(await leafOf(first)).toBe(third.messageId);
    const fourth = await worker.send("four", { conversationId });
    await worker.answer(fourth, "re four");
    expect((await path(fourth)).slice(-3)).toEqual(["…", "four", "re four"]);
    expect(second.sequence).toBe(4);
  });
});
