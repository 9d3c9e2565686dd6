import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import { notFound } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Message } from "../protocol/resources.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { createPrincipal, permitAll } from "../testing/spine.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { testRuns } from "../testing/test-runs.ts";
import type { Accepted } from "./sending/accept.ts";
import { create } from "./create.ts";
import { getMessage, listMessages, removeMessage, type MessageQuery } from "./messages.ts";
import { getConversation } from "./read.ts";

describe.each(testDatabases)("messages on $name", ({ open }) => {
  let database: Database;
  let worker: HandWorker;
  let principal: Principal;
  let conversationId: string;
  const sent: Accepted[] = [];
  const exchanges = 12;

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    principal = worker.spine.principal;
    conversationId = (await create(worker.spine.context, principal, {})).id;
    for (let index = 0; index < exchanges; index += 1) {
      const accepted = await worker.send(`say ${index}`, { conversationId });
      await worker.answer(accepted, `re ${index}`);
      sent.push(accepted);
    }
    // these are on no branch of what follows
    for (const parentId of [sent[2]!.messageId, null]) {
      await worker.answer(await worker.send("aside", { conversationId, parentId }), "re aside");
    }
    await drop(sent[4]!.messageId);
    await drop(sent[7]!.userMessageId!);
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const list = (query: Partial<MessageQuery>) =>
    listMessages(database, principal, { conversationId, limit: 50, ...query }, permitAll);
  const drop = (messageId: string) =>
    removeMessage(worker.spine.context, principal, { conversationId, messageId }, permitAll);
  const total = 2 * exchanges + 4;
  const numbers = Array.from({ length: total }, (_, index) => index + 1);
  const sequencesOf = (messages: readonly Message[]) => messages.map(({ sequence }) => sequence);

  it("D8 are listed in order, a removed one as an empty place", async () => {
    const { data, nextCursor } = await list({});
    expect(sequencesOf(data)).toEqual(numbers);
    expect(nextCursor).toBeNull();
    const removed = data.filter(({ parts }) => parts.length === 0).map(({ id }) => id);
    expect(removed).toEqual([sent[4]!.messageId, sent[7]!.userMessageId]);
  });

  it("D8 in pages of any size, forwards and backwards, each comes once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: total + 2 }), fc.boolean(), async (limit, isBackwards) => {
        const seen: number[] = [];
        let place: number | undefined = isBackwards ? total + 1 : 0;
        let pages = 0;
        while (place !== undefined) {
          const page: Awaited<ReturnType<typeof list>> = await list(
            isBackwards ? { before: place, limit } : { after: place, limit },
          );
          expect(page.data.length).toBeLessThanOrEqual(limit);
          if (isBackwards) seen.unshift(...sequencesOf(page.data));
          else seen.push(...sequencesOf(page.data));
          place = page.nextCursor === null ? undefined : Number(page.nextCursor);
          pages += 1;
        }
        expect(seen).toEqual(numbers);
        expect(pages).toBe(Math.ceil(total / limit));
      }),
      { numRuns: testRuns(15) },
    );
  });

  it("A5 of a branch are read upwards from any message in pages of any size, without what was removed", async () => {
    const isLive = ({ id }: Message) => id !== sent[4]!.messageId && id !== sent[7]!.userMessageId;
    const { data } = await list({ limit: 200 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: exchanges - 1 }),
        fc.integer({ min: 1, max: 30 }),
        async (exchange, limit) => {
          const seen: Message[] = [];
          let leaf: string | null = sent[exchange]!.messageId;
          while (leaf !== null) {
            const page: Awaited<ReturnType<typeof list>> = await list({ branch: leaf, limit });
            seen.unshift(...page.data);
            leaf = page.nextCursor;
          }
          expect(seen).toEqual(data.slice(0, 2 * exchange + 2).filter(isLive));
        },
      ),
      { numRuns: testRuns(15) },
    );
  });

  it("A5 of the active branch are found without knowing its leaf", async () => {
    const { data } = await list({ branch: "active" });
    expect(sequencesOf(data)).toEqual([total - 1, total]);
    const { id } = await create(worker.spine.context, principal, {});
    expect(await list({ conversationId: id, branch: "active" })).toEqual({ data: [], nextCursor: null });
    expect(await list({ conversationId: id })).toEqual({ data: [], nextCursor: null });
  });

  it("of a branch that is not there, or is elsewhere, are not found", async () => {
    const elsewhere = await worker.send("elsewhere");
    for (const branch of [createId(), elsewhere.messageId])
      await expect(list({ branch })).rejects.toMatchObject({ code: "not_found" });
  });

  it("one is read by its id, but not a removed, a foreign or a hidden one", async () => {
    const get = (messageId: string, as = principal) =>
      getMessage(database, as, { conversationId, messageId }, permitAll);
    expect(await get(sent[0]!.messageId)).toMatchObject({ sequence: 2, role: "assistant", conversationId });
    const elsewhere = await worker.send("elsewhere");
    for (const messageId of [sent[4]!.messageId, elsewhere.messageId, createId()])
      await expect(get(messageId)).rejects.toMatchObject({ code: "not_found" });
    await expect(get(sent[0]!.messageId, await createPrincipal(database))).rejects.toMatchObject({ code: "not_found" });
  });

  it("nothing is read or removed where the permit refuses", async () => {
    const deny = (): never => {
      throw notFound("conversation");
    };
    const reference = { conversationId, messageId: sent[0]!.messageId };
    const refused = [
      listMessages(database, principal, { conversationId, limit: 5 }, deny),
      getMessage(database, principal, reference, deny),
      removeMessage(worker.spine.context, principal, reference, deny),
    ];
    for (const outcome of await Promise.allSettled(refused))
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(await getMessage(database, principal, reference, permitAll)).toMatchObject({ id: reference.messageId });
  });

  it("one that is removed keeps its number and its place, and is removed once", async () => {
    const accepted = await worker.send("one");
    await worker.answer(accepted, "re one");
    const within = { conversationId: accepted.conversationId };
    const remove = (messageId: string) =>
      removeMessage(worker.spine.context, principal, { ...within, messageId }, permitAll);
    const before = await getConversation(database, principal, accepted.conversationId, permitAll);
    await remove(accepted.userMessageId!);
    const after = await getConversation(database, principal, accepted.conversationId, permitAll);
    expect(after.messageCount).toBe(1);
    expect(after.version).toBeGreaterThan(before.version);
    await expect(remove(accepted.userMessageId!)).rejects.toMatchObject({ code: "not_found" });
    const { data } = await list(within);
    expect(data).toMatchObject([{ sequence: 1, parts: [], metadata: null }, { sequence: 2 }]);
    expect(data[1]?.parentId).toBe(accepted.userMessageId);
    const next = await worker.send("two", within);
    expect(next.sequence).toBe(4);
  });

  it("one that is answered, or waits for it, is not removed", async () => {
    const first = await worker.send("one");
    const waiting = await worker.send("two", { conversationId: first.conversationId });
    const claim = await worker.claim(first);
    const remove = (messageId: string) =>
      removeMessage(worker.spine.context, principal, { conversationId: first.conversationId, messageId }, permitAll);
    for (const { messageId, userMessageId } of [first, waiting]) {
      await expect(remove(messageId)).rejects.toMatchObject({ code: "conflict" });
      await expect(remove(userMessageId!)).rejects.toMatchObject({ code: "conflict" });
    }
    await worker.end(claim, "re one");
    await remove(first.messageId);
    await worker.answer(waiting, "re two");
    expect(await worker.path(first.conversationId, waiting.messageId)).toEqual(["one", "two", "re two"]);
  });
});
