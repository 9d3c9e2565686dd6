import sql from "sql-template-tag";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cancel } from "../completions/cancel.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { HintSignal } from "../protocol/hint.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { permitAll, text, until } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { append } from "./sending/append.ts";
import { change } from "./change.ts";
import { create } from "./create.ts";
import { edit } from "./sending/edit.ts";
import { fork } from "./fork.ts";
import { removeMessage } from "./messages.ts";
import { getConversation } from "./read.ts";
import { remove, restore } from "./remove.ts";
import { changeWaiting, removeWaiting, sendNow } from "./sending/waiting-sends.ts";

describe.each(testDatabases)("D8 hints of what changed on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  const heard: HintSignal[] = [];

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    await worker.spine.context.signals.subscribe("hint", (payload) => void heard.push(JSON.parse(payload)));
  });
  beforeEach(() => void (heard.length = 0));
  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const read = (id: string) => getConversation(database, worker.spine.principal, id, permitAll);

  /** The one hint of what `work` did: told after the commit, with the version that is read now. */
  const hintOf = async (conversationId: string, work: () => Promise<unknown>): Promise<HintSignal> => {
    const before = (await read(conversationId)).version;
    heard.length = 0;
    await work();
    expect(heard).toHaveLength(1);
    const [hint] = heard;
    if (hint === undefined) throw new Error("nothing was told");
    expect(hint.version).toBeGreaterThan(before);
    expect(hint.version).toBe((await read(conversationId)).version);
    return hint;
  };

  it("tells of a completion that was accepted, claimed and ended, with what decides who may know", async () => {
    const { userId, workspaceId } = worker.spine.principal;
    const accepted = await worker.send("one");
    const { conversationId, completionId } = accepted;
    const hint = { kind: "completion", id: completionId, conversationId, workspaceId, ownerId: userId };
    expect(heard).toEqual([{ ...hint, visibility: "private", isDeleted: false, version: 1 }]);
    const later = await worker.send("two", { conversationId });
    expect(heard[1]).toMatchObject({ id: later.completionId, version: 2 });
    const claim = await worker.claim(accepted);
    expect(claim.revision).toMatchObject({ conversationId, ownerId: userId, version: 3 });
    await worker.end(claim, "words");
    expect((await read(conversationId)).version).toBe(4);
  });

  it("is told by a worker when it claims and when it ends", async () => {
    const real = worker.spine.worker();
    await real.start();
    const { conversationId, completionId } = await worker.send("one");
    const versions = () => heard.filter(({ id }) => id === completionId).map(({ version }) => version);
    await until(async () => versions().length >= 3);
    await real.drain(1);
    expect(versions()).toEqual([1, 2, 3]);
    expect((await read(conversationId)).activity).toBe("idle");
  });

  it("tells of every change of a conversation", async () => {
    const { context, principal } = worker.spine;
    const { id } = await create(context, principal, {});
    expect(heard).toMatchObject([{ kind: "conversation", id, conversationId: id, version: 1 }]);
    const shared = { conversationId: id, change: { visibility: "workspace" as const } };
    expect(await hintOf(id, () => change(context, principal, shared, permitAll))).toMatchObject({
      kind: "conversation",
      visibility: "workspace",
    });
    const message = { id: createId(), parts: text("said") };
    expect(
      await hintOf(id, () => append(context, principal, { conversationId: id, message }, permitAll)),
    ).toMatchObject({ kind: "message", id: message.id });
    const reference = { conversationId: id, messageId: message.id };
    expect(await hintOf(id, () => removeMessage(context, principal, reference, permitAll))).toMatchObject({
      kind: "message",
      id: message.id,
    });
    heard.length = 0;
    const copy = await fork(context, principal, { conversationId: id }, permitAll);
    expect(heard).toMatchObject([{ kind: "conversation", id: copy.id, version: copy.version }]);
  });

  it("tells that a conversation was deleted, after what it ended, and that it is back", async () => {
    const { context, principal } = worker.spine;
    const { conversationId, completionId } = await worker.send("one");
    heard.length = 0;
    await remove(context, principal, conversationId, permitAll);
    expect(heard.map(({ kind, id, isDeleted }) => ({ kind, id, isDeleted }))).toEqual([
      { kind: "completion", id: completionId, isDeleted: false },
      { kind: "conversation", id: conversationId, isDeleted: true },
    ]);
    heard.length = 0;
    await restore(context, principal, conversationId, permitAll);
    expect(heard).toMatchObject([{ kind: "conversation", isDeleted: false }]);
  });

  it("tells of waiting sends that are said anew, moved ahead, taken back and cancelled, and of an edit", async () => {
    const { context, principal } = worker.spine;
    const { conversationId, userMessageId, ...first } = await worker.send("one");
    await worker.claim(first);
    const { completionId } = await worker.send("two", { conversationId });
    const told = { kind: "completion", id: completionId };
    const parts = text("other words");
    expect(
      await hintOf(conversationId, () => changeWaiting(context, principal, { completionId, parts }, permitAll)),
    ).toMatchObject(told);
    expect(await hintOf(conversationId, () => sendNow(context, principal, completionId, permitAll))).toMatchObject(
      told,
    );
    expect(
      await hintOf(conversationId, () => removeWaiting(context, principal, completionId, permitAll)),
    ).toMatchObject(told);
    const third = await worker.send("three", { conversationId });
    expect(await hintOf(conversationId, () => cancel(context, principal, third.completionId, permitAll))).toMatchObject(
      { kind: "completion", id: third.completionId },
    );
    const edited = { conversationId, messageId: userMessageId ?? "", parts: text("one, again") };
    expect(await hintOf(conversationId, () => edit(context, principal, edited, permitAll))).toMatchObject({
      kind: "completion",
    });
  });

  it("tells nothing of what was refused, repeated or rolled back", async () => {
    const { context, principal } = worker.spine;
    const { conversationId } = await worker.send("one", { idempotency: { key: "k", hash: "h" } });
    heard.length = 0;
    await worker.send("one", { idempotency: { key: "k", hash: "h" } });
    const reject = { conversationId, onBusy: "reject" as const };
    await expect(worker.send("two", reject)).rejects.toMatchObject({ code: "busy" });
    const stale = { conversationId, ifMatch: 99, change: { title: "x" } };
    await expect(change(context, principal, stale, permitAll)).rejects.toMatchObject({ code: "precondition_failed" });
    expect(heard).toEqual([]);
  });

  it("says what a conversation does: idle, working while something waits or runs", async () => {
    const { context, principal } = worker.spine;
    const { id } = await create(context, principal, {});
    const activity = async () => (await read(id)).activity;
    expect(await activity()).toBe("idle");
    const accepted = await worker.send("one", { conversationId: id });
    expect(await activity()).toBe("working");
    const claim = await worker.claim(accepted);
    expect(await activity()).toBe("working");
    const setStatus = (status: string) =>
      database.query(sql`update completion set status = ${status} where id = ${accepted.completionId}`);
    await setStatus("waiting");
    expect(await activity()).toBe("waiting");
    await setStatus("running");
    await worker.end(claim, "words");
    expect(await activity()).toBe("idle");
  });
});
