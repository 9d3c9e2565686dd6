import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { notFound } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { createPrincipal, permitAll, text } from "../../testing/spine.ts";
import { countStored } from "../../testing/databases/stored.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import type { Accepted } from "./accept.ts";
import { append } from "./append.ts";
import { change } from "../change.ts";
import { create } from "../create.ts";
import { edit } from "./edit.ts";
import { fork } from "../fork.ts";
import { getMessage, listMessages, removeMessage } from "../messages.ts";
import { getConversation } from "../read.ts";
import { regenerate } from "./regenerate.ts";

describe.each(testDatabases)("N4 the tree of messages on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    principal = worker.spine.principal;
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const path = (accepted: Accepted) => worker.path(accepted.conversationId, accepted.messageId);
  const leafOf = async (conversationId: string) =>
    (await getConversation(database, principal, conversationId, permitAll)).activeLeafId;
  const all = async (conversationId: string) =>
    (await listMessages(database, principal, { conversationId, limit: 200 }, permitAll)).data;
  const messageOf = (conversationId: string, messageId: string | null) =>
    getMessage(database, principal, { conversationId, messageId: messageId ?? "" }, permitAll);
  const drop = (conversationId: string, messageId: string | null) =>
    removeMessage(worker.spine.context, principal, { conversationId, messageId: messageId ?? "" }, permitAll);
  const reword = (conversationId: string, messageId: string | null, words: string) =>
    edit(
      worker.spine.context,
      principal,
      { conversationId, messageId: messageId ?? "", parts: text(words) },
      permitAll,
    );
  const again = (conversationId: string, messageId?: string | null) =>
    regenerate(worker.spine.context, principal, { conversationId, messageId: messageId ?? undefined }, permitAll);
  const forkOf = (conversationId: string, messageId?: string) =>
    fork(worker.spine.context, principal, { conversationId, messageId }, permitAll);

  /** one – re one – two – re two, all answered. */
  const talk = async () => {
    const first = await worker.send("one");
    await worker.answer(first, "re one");
    const second = await worker.send("two", { conversationId: first.conversationId });
    await worker.answer(second, "re two");
    return { first, second, conversationId: first.conversationId };
  };

  it("an edit is a sibling with an answer of its own; what was said stays", async () => {
    const { second, conversationId } = await talk();
    const edited = await reword(conversationId, second.userMessageId, "TWO");
    expect(edited.userMessageId).not.toBe(second.userMessageId);
    await worker.answer(edited, "re TWO");
    expect(await path(edited)).toEqual(["one", "re one", "TWO", "re TWO"]);
    expect(await path(second)).toEqual(["one", "re one", "two", "re two"]);
    expect((await messageOf(conversationId, edited.userMessageId)).parentId).toBe(
      (await messageOf(conversationId, second.userMessageId)).parentId,
    );
    expect((await all(conversationId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await leafOf(conversationId)).toBe(edited.messageId);
  });

  it("an edit of the first message is another root", async () => {
    const { first, conversationId } = await talk();
    const edited = await reword(conversationId, first.userMessageId, "ONE");
    await worker.answer(edited, "re ONE");
    expect(await path(edited)).toEqual(["ONE", "re ONE"]);
  });

  it("a regenerate is another answer beside the first, whether the question or an answer is named", async () => {
    const { first, second, conversationId } = await talk();
    for (const [name, messageId] of Object.entries({ question: second.userMessageId, answer: second.messageId })) {
      const other = await again(conversationId, messageId);
      expect(other.userMessageId).toBe(second.userMessageId);
      const claim = await worker.claim(other);
      expect(claim.branch.map(({ id }) => id)).toEqual([first.userMessageId, first.messageId, second.userMessageId]);
      await worker.end(claim, name);
      expect(await path(other)).toEqual(["one", "re one", "two", name]);
      expect(await leafOf(conversationId)).toBe(other.messageId);
    }
    expect(await path(second)).toEqual(["one", "re one", "two", "re two"]);
    expect(await all(conversationId)).toHaveLength(6);
  });

  it("a regenerate without a message answers the last question of the active branch again", async () => {
    const { second, conversationId } = await talk();
    expect(await again(conversationId)).toMatchObject({ userMessageId: second.userMessageId, sequence: 5 });
    const { id: empty } = await create(worker.spine.context, principal, {});
    await expect(again(empty)).rejects.toMatchObject({ code: "not_found" });
  });

  it("an edit or regenerate of what is not there, or can't be, stores nothing", async () => {
    const { second, conversationId } = await talk();
    const other = await talk();
    await drop(conversationId, second.messageId);
    const before = await countStored(database);
    const deny = (): never => {
      throw notFound("conversation");
    };
    const input = { conversationId, messageId: second.userMessageId!, parts: text("x") };
    await expect(reword(conversationId, createId(), "x")).rejects.toMatchObject({ code: "not_found" });
    await expect(reword(conversationId, other.second.userMessageId, "x")).rejects.toMatchObject({ code: "not_found" });
    await expect(again(conversationId, other.second.messageId)).rejects.toMatchObject({ code: "not_found" });
    await expect(again(conversationId, second.messageId)).rejects.toMatchObject({ code: "not_found" });
    await expect(reword(createId(), second.userMessageId, "x")).rejects.toMatchObject({ code: "not_found" });
    await expect(edit(worker.spine.context, principal, input, deny)).rejects.toMatchObject({ code: "not_found" });
    await expect(regenerate(worker.spine.context, principal, input, deny)).rejects.toMatchObject({ code: "not_found" });
    await expect(reword(other.conversationId, other.first.messageId, "x")).rejects.toMatchObject({
      code: "unprocessable",
    });
    expect(await countStored(database)).toEqual(before);
  });

  it("a fork is a copy of a branch: the same messages in order, numbered from 1", async () => {
    const { first, second, conversationId } = await talk();
    await worker.answer(await reword(conversationId, second.userMessageId, "elsewhere"), "re elsewhere");
    const settings = { temperature: 0.5 };
    await change(
      worker.spine.context,
      principal,
      {
        conversationId,
        change: { title: "Talk", settings, model: "test/chosen", visibility: "workspace", pinned: true },
      },
      permitAll,
    );
    const before = await all(conversationId);
    const copy = await forkOf(conversationId, second.messageId);
    expect(copy).toMatchObject({
      title: "Talk",
      settings,
      model: "test/chosen",
      agent: "default",
      ownerId: principal.userId,
      visibility: "private",
      pinned: false,
      messageCount: 4,
      activeLeafId: second.messageId,
      status: "active",
    });
    const copied = await all(copy.id);
    expect(copied.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(copied.map(({ id }) => id)).toEqual([
      first.userMessageId,
      first.messageId,
      second.userMessageId,
      second.messageId,
    ]);
    expect(
      copied.map(({ id, parts, parentId, createdAt, role, authorId }) => [
        id,
        parts,
        parentId,
        createdAt,
        role,
        authorId,
      ]),
    ).toEqual(
      before
        .slice(0, 4)
        .map(({ id, parts, parentId, createdAt, role, authorId }) => [id, parts, parentId, createdAt, role, authorId]),
    );
    expect(copied.map(({ completionId }) => completionId)).toEqual([null, null, null, null]);
    expect(await all(conversationId)).toEqual(before);
    const next = await worker.send("three", { conversationId: copy.id });
    expect(next.sequence).toBe(6);
    await worker.answer(next, "re three");
    expect(await path(next)).toEqual(["one", "re one", "two", "re two", "three", "re three"]);
  });

  it("a fork without a message is of the active branch, and of an empty conversation empty", async () => {
    const { second, conversationId } = await talk();
    expect(await forkOf(conversationId)).toMatchObject({ messageCount: 4, activeLeafId: second.messageId });
    const { id: empty } = await create(worker.spine.context, principal, {});
    expect(await forkOf(empty)).toMatchObject({ messageCount: 0, activeLeafId: null });
  });

  it("a fork leaves removed messages out, in the middle and at the end", async () => {
    const { first, second, conversationId } = await talk();
    await drop(conversationId, first.messageId);
    const copy = await forkOf(conversationId, second.messageId);
    expect(await worker.path(copy.id, second.messageId)).toEqual(["one", "two", "re two"]);
    expect((await all(copy.id)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
    await drop(conversationId, second.messageId);
    const shorter = await forkOf(conversationId);
    expect(shorter).toMatchObject({ messageCount: 2, activeLeafId: second.userMessageId });
    const next = await worker.send("three", { conversationId: shorter.id });
    await worker.answer(next, "re three");
    expect(await path(next)).toEqual(["one", "two", "three", "re three"]);
    for (const messageId of [first.userMessageId, second.userMessageId]) await drop(conversationId, messageId);
    expect(await forkOf(conversationId)).toMatchObject({ messageCount: 0, activeLeafId: null });
  });

  it("a fork is refused while an answer on its branch is written or waits, and possible beside it", async () => {
    const { second, conversationId } = await talk();
    const running = await worker.send("three", { conversationId });
    const claim = await worker.claim(running);
    const waiting = await worker.send("four", { conversationId });
    const below = await worker.send("five", { conversationId, parentId: second.messageId });
    const before = await countStored(database);
    for (const messageId of [running.messageId, waiting.messageId, waiting.userMessageId, below.messageId]) {
      await expect(forkOf(conversationId, messageId ?? "")).rejects.toMatchObject({ code: "conflict" });
    }
    await expect(forkOf(conversationId)).rejects.toMatchObject({ code: "conflict" });
    await expect(forkOf(conversationId, createId())).rejects.toMatchObject({ code: "not_found" });
    expect(await countStored(database)).toEqual(before);
    expect(await forkOf(conversationId, running.userMessageId ?? "")).toMatchObject({ messageCount: 5 });
    await worker.end(claim, "re three");
    expect(await forkOf(conversationId, running.messageId)).toMatchObject({ messageCount: 6 });
  });

  it("a fork is of whom the permit lets read, and belongs to who made it", async () => {
    const { conversationId } = await talk();
    const reader = { ...(await createPrincipal(database)), workspaceId: principal.workspaceId };
    const copy = await fork(worker.spine.context, reader, { conversationId }, permitAll);
    expect(copy).toMatchObject({ ownerId: reader.userId, visibility: "private" });
    const deny = (): never => {
      throw notFound("conversation");
    };
    await expect(fork(worker.spine.context, reader, { conversationId }, deny)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("an appended message is answered by nobody, and the next send goes under it", async () => {
    const { conversationId, second } = await talk();
    const input = { conversationId, message: { parts: text("a note") } };
    const note = await append(worker.spine.context, principal, input, permitAll);
    expect(note).toMatchObject({ sequence: 5, parentId: second.messageId, role: "user", parts: text("a note") });
    expect(await leafOf(conversationId)).toBe(note.id);
    const next = await worker.send("three", { conversationId });
    await expect(append(worker.spine.context, principal, input, permitAll)).rejects.toMatchObject({ code: "busy" });
    await worker.answer(next, "re three");
    expect(await path(next)).toEqual(["one", "re one", "two", "re two", "a note", "three", "re three"]);
    const wrong = { ...input, parentId: createId() };
    await expect(append(worker.spine.context, principal, wrong, permitAll)).rejects.toMatchObject({ code: "conflict" });
    const taken = { ...input, message: { id: note.id, parts: text("x") } };
    await expect(append(worker.spine.context, principal, taken, permitAll)).rejects.toMatchObject({ code: "id_taken" });
    const root = await append(worker.spine.context, principal, { ...input, parentId: null }, permitAll);
    expect(root).toMatchObject({ parentId: null, sequence: 8 });
    const [row] = await database.query<{ left: number }>(
      sql`select count(*) as left from completion where conversation_id = ${conversationId} and status = 'queued'`,
    );
    expect(row).toEqual({ left: 0 });
  });
});
