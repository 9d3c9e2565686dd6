import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cancelActive } from "../../completions/cancel.ts";
import { getCompletion } from "../../completions/read.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound } from "../../protocol/people/access.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { permitAll, text } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import type { Accepted } from "./accept.ts";
import { edit } from "./edit.ts";
import { getMessage, listMessages } from "../messages.ts";
import { getConversation } from "../read.ts";
import { regenerate } from "./regenerate.ts";
import { changeWaiting, listWaiting, removeWaiting, sendNow } from "./waiting-sends.ts";

describe.each(testDatabases)("N4 waiting sends on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  const pushed: string[] = [];
  const signalled: string[] = [];

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    const { signals } = worker.spine.context;
    const note = (list: string[]) => (payload: string) => void list.push(JSON.parse(payload).completionId);
    await signals.subscribe("work", note(pushed));
    await signals.subscribe("cancel", note(signalled));
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const context = () => worker.spine.context;
  const principal = () => worker.spine.principal;

  const waitingTexts = async ({ conversationId }: Accepted) =>
    (await listWaiting(database, principal(), conversationId, permitAll)).map(({ parts }) =>
      parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    );
  const statusOf = async ({ completionId }: Accepted) =>
    (await getCompletion(database, principal(), completionId, permitAll)).status;
  const messageOf = ({ conversationId }: Accepted, messageId: string | null) =>
    getMessage(database, principal(), { conversationId, messageId: messageId ?? "" }, permitAll);
  const path = (accepted: Accepted) => worker.path(accepted.conversationId, accepted.messageId);

  const busy = async (...words: readonly string[]) => {
    const running = await worker.send("one");
    const claim = await worker.claim(running);
    const waiting: Accepted[] = [];
    for (const each of words) waiting.push(await worker.send(each, { conversationId: running.conversationId }));
    return { running, claim, waiting: waiting as [Accepted, Accepted, Accepted] };
  };

  it("are listed in the order in which they go, and go in it", async () => {
    const { running, claim, waiting } = await busy("two", "three", "four");
    expect(await waitingTexts(running)).toEqual(["two", "three", "four"]);
    expect(await worker.tryClaim(waiting[0])).toBeNull();
    let next = await worker.end(claim, "re one");
    for (const each of waiting) {
      expect(next).toBe(each.completionId);
      for (const later of waiting.slice(waiting.indexOf(each) + 1)) expect(await worker.tryClaim(later)).toBeNull();
      next = await worker.end(await worker.claim(each), "re");
    }
    expect(next).toBeNull();
    expect(await waitingTexts(running)).toEqual([]);
  });

  it.each(["fail", "stop"] as const)("go on after one that ended by %s", async (event) => {
    const { claim, waiting } = await busy("two");
    const outcome =
      event === "stop" ? { event } : { event, error: { code: "provider_busy", message: "The model is busy." } };
    expect(await worker.end(claim, "half", outcome)).toBe(waiting[0].completionId);
    await worker.answer(waiting[0], "re two");
    expect(await path(waiting[0])).toEqual(["one", "half", "two", "re two"]);
  });

  it("are changed in place: number, id and turn stay", async () => {
    const { running, claim, waiting } = await busy("two", "three");
    const before = await messageOf(running, waiting[0].userMessageId);
    const { version } = await getConversation(database, principal(), running.conversationId, permitAll);
    await changeWaiting(
      context(),
      principal(),
      { completionId: waiting[0].completionId, parts: text("TWO") },
      permitAll,
    );
    expect(await waitingTexts(running)).toEqual(["TWO", "three"]);
    expect(await messageOf(running, waiting[0].userMessageId)).toEqual({ ...before, parts: text("TWO") });
    const after = await getConversation(database, principal(), running.conversationId, permitAll);
    expect(after.version).toBeGreaterThan(version);
    await worker.end(claim, "re one");
    const claimed = await worker.claim(waiting[0]);
    expect(claimed.branch.at(-1)?.parts).toEqual(text("TWO"));
  });

  it("are taken back as tombstones of both rows, with no gap in the numbers, and never go", async () => {
    const { running, claim, waiting } = await busy("two", "three");
    await removeWaiting(context(), principal(), waiting[0].completionId, permitAll);
    expect(await waitingTexts(running)).toEqual(["three"]);
    expect(await statusOf(waiting[0])).toBe("cancelled");
    const query = { conversationId: running.conversationId, limit: 50 };
    const { data } = await listMessages(database, principal(), query, permitAll);
    expect(data.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(data.slice(2, 4).map(({ parts }) => parts)).toEqual([[], []]);
    await expect(messageOf(running, waiting[0].userMessageId)).rejects.toMatchObject({ code: "not_found" });
    await expect(messageOf(running, waiting[0].messageId)).rejects.toMatchObject({ code: "not_found" });
    expect((await getConversation(database, principal(), running.conversationId, permitAll)).messageCount).toBe(4);
    expect(await worker.end(claim, "re one")).toBe(waiting[1].completionId);
    await worker.answer(waiting[1], "re three");
    expect(await path(waiting[1])).toEqual(["one", "re one", "three", "re three"]);
  });

  it("wake the next one when the first of them is taken back", async () => {
    const first = await worker.send("one");
    const second = await worker.send("two", { conversationId: first.conversationId });
    pushed.length = 0;
    await removeWaiting(context(), principal(), first.completionId, permitAll);
    expect(pushed).toContain(second.completionId);
  });

  it("go now: before the others, and what runs is stopped for them", async () => {
    const { running, claim, waiting } = await busy("two", "three", "four");
    signalled.length = 0;
    await sendNow(context(), principal(), waiting[2].completionId, permitAll);
    expect(await waitingTexts(running)).toEqual(["four", "two", "three"]);
    expect(signalled).toEqual([running.completionId]);
    await sendNow(context(), principal(), waiting[1].completionId, permitAll);
    expect(await waitingTexts(running)).toEqual(["three", "four", "two"]);
    expect(await worker.end(claim, "half", { event: "stop" })).toBe(waiting[1].completionId);
  });

  it("stay when Stop ends what runs", async () => {
    const { running, waiting } = await busy("two", "three");
    signalled.length = 0;
    const stopped = await cancelActive(context(), principal(), running.conversationId, permitAll);
    expect(stopped).toMatchObject({ id: running.completionId, status: "running" });
    expect(signalled).toEqual([running.completionId]);
    expect(await waitingTexts(running)).toEqual(["two", "three"]);
    expect(await Promise.all(waiting.map(statusOf))).toEqual(["queued", "queued"]);
  });

  it("are not touched by Stop, but for the one that goes first when nothing runs", async () => {
    const { running, claim } = await busy();
    const { conversationId } = running;
    const [first, second] = [
      await worker.send("two", { conversationId }),
      await worker.send("three", { conversationId }),
    ];
    await cancelActive(context(), principal(), conversationId, permitAll);
    await worker.end(claim, "re one", { event: "stop" });
    expect([await statusOf(first), await statusOf(second)]).toEqual(["queued", "queued"]);
    await cancelActive(context(), principal(), conversationId, permitAll);
    expect([await statusOf(first), await statusOf(second)]).toEqual(["cancelled", "queued"]);
  });

  it("can't be changed, taken back or hurried once their turn has come", async () => {
    const { running, claim } = await busy();
    const { completionId } = running;
    const attempts = [
      () => changeWaiting(context(), principal(), { completionId, parts: text("x") }, permitAll),
      () => removeWaiting(context(), principal(), completionId, permitAll),
      () => sendNow(context(), principal(), completionId, permitAll),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "conflict" });
    await worker.end(claim, "re one");
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "conflict" });
    expect(await path(running)).toEqual(["one", "re one"]);
  });

  it("are not there for whom the permit does not let pass, and nothing changes", async () => {
    const { running, waiting } = await busy("two");
    const { completionId } = waiting[0];
    const deny = (): never => {
      throw notFound("conversation");
    };
    const attempts = [
      () => changeWaiting(context(), principal(), { completionId, parts: text("x") }, deny),
      () => removeWaiting(context(), principal(), completionId, deny),
      () => sendNow(context(), principal(), completionId, deny),
      () => listWaiting(database, principal(), running.conversationId, deny),
      () => removeWaiting(context(), { ...principal(), workspaceId: "another" }, completionId, permitAll),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "not_found" });
    expect(await waitingTexts(running)).toEqual(["two"]);
    expect(await getCompletion(database, principal(), running.completionId, permitAll)).toMatchObject({
      status: "running",
    });
  });

  it("that answer a stored message again are taken back alone, and not said in other words", async () => {
    const { running, claim } = await busy();
    const input = { conversationId: running.conversationId, messageId: running.messageId, onBusy: "queue" } as const;
    const again = await regenerate(context(), principal(), input, permitAll);
    expect(await waitingTexts(running)).toEqual(["one"]);
    const change = { completionId: again.completionId, parts: text("x") };
    await expect(changeWaiting(context(), principal(), change, permitAll)).rejects.toMatchObject({ code: "conflict" });
    await removeWaiting(context(), principal(), again.completionId, permitAll);
    await worker.end(claim, "re one");
    expect(await path(running)).toEqual(["one", "re one"]);
    await expect(messageOf(running, again.messageId)).rejects.toThrow(NatterError);
  });

  it("have no place yet, so they are neither edited nor answered again", async () => {
    const { running, waiting } = await busy("two");
    const { conversationId } = running;
    const { userMessageId, messageId } = waiting[0];
    const attempts = [
      () => edit(context(), principal(), { conversationId, messageId: userMessageId!, parts: text("x") }, permitAll),
      () => regenerate(context(), principal(), { conversationId, messageId: userMessageId! }, permitAll),
      () => regenerate(context(), principal(), { conversationId, messageId }, permitAll),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "conflict" });
    expect(await waitingTexts(running)).toEqual(["two"]);
    expect(await statusOf(running)).toBe("running");
  });
});
