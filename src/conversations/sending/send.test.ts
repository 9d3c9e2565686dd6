import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getCompletion } from "../../completions/read.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { createPrincipal, permitAll, text } from "../../testing/spine.ts";
import { countStored } from "../../testing/databases/stored.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { change } from "../change.ts";
import { create } from "../create.ts";
import { getMessage, listMessages, removeMessage } from "../messages.ts";
import { getConversation } from "../read.ts";
import { remove } from "../remove.ts";
import { send, type SendInput } from "./send.ts";

describe.each(testDatabases)("send on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({
      database,
      agents: { default: {}, other: { model: "test/other" }, third: { settings: { topP: 0.5 } } },
    });
    principal = worker.spine.principal;
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const refusal = async (asking: () => Promise<unknown>): Promise<NatterError> => {
    const before = await countStored(database);
    const thrown: unknown = await asking().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(await countStored(database)).toEqual(before);
    expect(thrown).toBeInstanceOf(NatterError);
    return thrown as NatterError;
  };
  const conversationOf = (id: string) => getConversation(database, principal, id, permitAll);
  const messageOf = (conversationId: string, messageId: string | null) =>
    getMessage(database, principal, { conversationId, messageId: messageId ?? "" }, permitAll);

  it("D2 A1 makes the conversation, the message, its answer's placeholder and a queued completion", async () => {
    const accepted = await worker.send("hello");
    const { conversationId } = accepted;
    expect(accepted).toMatchObject({ sequence: 2, stream: true, replayed: false, workspaceId: principal.workspaceId });
    expect(await conversationOf(conversationId)).toMatchObject({
      ownerId: principal.userId,
      status: "active",
      agent: "default",
      model: null,
      settings: {},
      messageCount: 2,
      temporary: false,
      visibility: "private",
    });
    const { data } = await listMessages(database, principal, { conversationId, limit: 10 }, permitAll);
    expect(data).toMatchObject([
      { id: accepted.userMessageId, sequence: 1, role: "user", parts: text("hello"), authorId: principal.userId },
      {
        id: accepted.messageId,
        sequence: 2,
        role: "assistant",
        parts: [],
        authorId: null,
        parentId: accepted.userMessageId,
        completionId: accepted.completionId,
      },
    ]);
    expect(await getCompletion(database, principal, accepted.completionId, permitAll)).toMatchObject({
      status: "queued",
      messageId: accepted.messageId,
      agent: "default",
      model: "test/model",
      usage: null,
    });
  });

  it("keeps the text to the last character", async () => {
    const words = `quotes ' " \\ $1 %s é 漢字 😀 \u2028 \u2029 tab\tline\n${"x".repeat(100_000)}`;
    const accepted = await worker.send(words);
    expect((await messageOf(accepted.conversationId, accepted.userMessageId)).parts).toEqual(text(words));
  });

  it("wakes a worker when the completion is there to be claimed", async () => {
    const found: Promise<unknown>[] = [];
    const stop = await worker.spine.context.signals.subscribe("work", (key) => {
      found.push(getCompletion(database, principal, JSON.parse(key).completionId, permitAll));
    });
    const accepted = await worker.send("hello");
    stop();
    expect(await Promise.all(found)).toMatchObject([{ id: accepted.completionId }]);
  });

  it("takes the ids that the client chose, and the same message id in another conversation", async () => {
    const messageId = createId();
    const sendAs = (conversationId: string) =>
      send(
        worker.spine.context,
        principal,
        { conversationId, message: { id: messageId, parts: text("mine") } },
        permitAll,
      );
    for (const conversationId of [createId(), createId()]) {
      const accepted = await sendAs(conversationId);
      expect(accepted).toMatchObject({ conversationId, userMessageId: messageId });
      expect(await refusal(() => sendAs(conversationId))).toMatchObject({ code: "id_taken", status: 409 });
    }
  });

  it("the same conversation id in two workspaces is two conversations", async () => {
    const other = await createPrincipal(database);
    const first = await worker.send("mine");
    const input: SendInput = { conversationId: first.conversationId, message: { parts: text("theirs") } };
    const second = await send(worker.spine.context, other, input, permitAll);
    expect(second).toMatchObject({ conversationId: first.conversationId, sequence: 2, workspaceId: other.workspaceId });
    expect((await conversationOf(first.conversationId)).messageCount).toBe(2);
    expect((await getConversation(database, other, first.conversationId, permitAll)).messageCount).toBe(2);
  });

  it("stores nothing where the permit refuses", async () => {
    const { conversationId } = await worker.send("private");
    const deny = (): never => {
      throw new NatterError("id_taken", "taken");
    };
    const ask = (onBusy: "queue" | "interrupt") =>
      send(
        worker.spine.context,
        principal,
        { conversationId, message: { parts: text("x") }, onBusy, idempotency: { key: createId(), hash: "h" } },
        deny,
      );
    expect(await refusal(() => ask("queue"))).toMatchObject({ code: "id_taken" });
    expect(await refusal(() => ask("interrupt"))).toMatchObject({ code: "id_taken" });
  });

  it("A1 refuses an archived conversation and a deleted one", async () => {
    const { conversationId } = await worker.send("one");
    await change(worker.spine.context, principal, { conversationId, change: { status: "archived" } }, permitAll);
    expect(await refusal(() => worker.send("two", { conversationId }))).toMatchObject({
      code: "archived",
      status: 409,
    });
    await change(worker.spine.context, principal, { conversationId, change: { status: "completed" } }, permitAll);
    await worker.send("three", { conversationId });
    expect((await conversationOf(conversationId)).status).toBe("active");
    await remove(worker.spine.context, principal, conversationId, permitAll);
    expect(await refusal(() => worker.send("four", { conversationId }))).toMatchObject({
      code: "not_found",
      status: 404,
    });
  });

  it("refuses a parent that is not there, is elsewhere, or was removed", async () => {
    const first = await worker.send("one");
    await worker.answer(first, "re one");
    const elsewhere = await worker.send("elsewhere");
    const { conversationId, messageId } = first;
    await removeMessage(worker.spine.context, principal, { conversationId, messageId }, permitAll);
    const second = await worker.send("two", { conversationId });
    await worker.answer(second, "re two");
    for (const onBusy of ["queue", "interrupt", "reject"] as const) {
      for (const parentId of [createId(), elsewhere.messageId, messageId]) {
        const asking = () => worker.send("x", { conversationId, parentId, onBusy });
        expect(await refusal(asking)).toMatchObject({ code: "conflict", status: 409 });
      }
    }
    const inNewOne = () => worker.send("x", { conversationId: createId(), parentId: second.messageId });
    expect(await refusal(inNewOne)).toMatchObject({ code: "conflict" });
  });

  it("N4 hangs under the message that was named, or is a root of its own", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    await worker.answer(first, "re one");
    const second = await worker.send("two", { conversationId });
    await worker.answer(second, "re two");
    const branch = await worker.send("other", { conversationId, parentId: first.messageId });
    await worker.answer(branch, "re other");
    const root = await worker.send("root", { conversationId, parentId: null });
    await worker.answer(root, "re root");
    expect(await worker.path(conversationId, branch.messageId)).toEqual(["one", "re one", "other", "re other"]);
    expect(await worker.path(conversationId, root.messageId)).toEqual(["root", "re root"]);
    expect((await conversationOf(conversationId)).activeLeafId).toBe(root.messageId);
  });

  it("refuses an agent and a model that are not here", async () => {
    expect(await refusal(() => worker.send("x", { agent: "nobody" }))).toMatchObject({ code: "unprocessable" });
    expect(await refusal(() => worker.send("x", { model: "unknown/model" }))).toMatchObject({
      code: "model_not_available",
    });
  });

  it("A2 takes this send's word first, then the conversation's, then the agent's, then the server's", async () => {
    const settings = { temperature: 1.5, stream: false };
    const first = await worker.send("one", { settings, model: "test/chosen" });
    const { conversationId } = first;
    expect(await conversationOf(conversationId)).toMatchObject({ settings, model: "test/chosen" });
    expect(first.stream).toBe(false);
    const second = await worker.send("two", { conversationId, settings: { topP: 0.1 }, stream: true });
    expect(second.stream).toBe(true);
    const third = await worker.send("three", {
      conversationId,
      agent: "other",
      model: "test/once",
      settings: { temperature: 0 },
    });
    await worker.answer(first, "re");
    const claim = await worker.claim(second);
    expect(claim).toMatchObject({ model: "test/chosen", settings: { ...settings, topP: 0.1 }, agent: "default" });
    await worker.end(claim, "re");
    expect(await worker.claim(third)).toMatchObject({
      agent: "other",
      model: "test/once",
      settings: { temperature: 0, stream: false },
    });
    expect(await conversationOf(conversationId)).toMatchObject({ settings, model: "test/chosen", agent: "default" });
    expect(await worker.claim(await worker.send("x", { agent: "other" }))).toMatchObject({ model: "test/other" });
  });

  it("D8 moves the conversation's update time and version", async () => {
    const { id: conversationId } = await create(worker.spine.context, principal, {});
    const before = await conversationOf(conversationId);
    await worker.send("one", { conversationId });
    const after = await conversationOf(conversationId);
    expect(after.version).toBeGreaterThan(before.version);
    expect(Date.parse(after.updatedAt)).toBeGreaterThanOrEqual(Date.parse(before.updatedAt));
    expect(after.settingsVersion).toBe(before.settingsVersion);
  });
});
