import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getCompletion } from "../../completions/read.ts";
import type { Database } from "../../ports/database.ts";
import { whileLocked } from "../../testing/blocked.ts";
import { createHandWorker, type HandWorker } from "../../testing/hand-worker.ts";
import { permitAll, text } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { testRuns } from "../../testing/test-runs.ts";
import type { Accepted, OnBusy } from "./accept.ts";
import { edit } from "./edit.ts";
import { listMessages } from "../messages.ts";
import { getConversation } from "../read.ts";
import { regenerate } from "./regenerate.ts";
import { listWaiting, sendNow } from "./waiting-sends.ts";

describe.each(testDatabases)("N4 what a send does to a busy conversation, on $name", ({ name, open }) => {
  let database: Database;
  let worker: HandWorker;
  const signalled: string[] = [];

  beforeAll(async () => {
    database = await open();
    worker = await createHandWorker({ database });
    await worker.spine.context.signals.subscribe("cancel", (key) => void signalled.push(JSON.parse(key).completionId));
  });

  afterAll(async () => {
    await worker.spine.close();
    await database.close();
  });

  const isAskedToStop = async ({ completionId }: Accepted): Promise<boolean> => {
    const [row] = await database.query<{ asked: boolean }>(
      sql`select cancel_requested_at is not null as asked from completion where id = ${completionId}`,
    );
    return row?.asked ?? false;
  };
  const queueOf = async ({ conversationId }: Accepted) =>
    (await listWaiting(database, worker.spine.principal, conversationId, permitAll)).map(
      ({ completionId }) => completionId,
    );
  const counts = async ({ conversationId }: Accepted) => {
    const { messageCount } = await getConversation(database, worker.spine.principal, conversationId, permitAll);
    const query = { conversationId, limit: 200 };
    const { data } = await listMessages(database, worker.spine.principal, query, permitAll);
    return { messageCount, messages: data.length };
  };
  const again = ({ conversationId, messageId }: Accepted, onBusy?: OnBusy) =>
    regenerate(worker.spine.context, worker.spine.principal, { conversationId, messageId, onBusy }, permitAll);
  const reword = ({ conversationId, userMessageId }: Accepted, onBusy?: OnBusy) =>
    edit(
      worker.spine.context,
      worker.spine.principal,
      { conversationId, messageId: userMessageId!, parts: text("in other words"), onBusy },
      permitAll,
    );

  const busy = async () => {
    const running = await worker.send("one");
    const claim = await worker.claim(running);
    const waiting = await worker.send("two", { conversationId: running.conversationId });
    signalled.length = 0;
    return { running, claim, waiting };
  };

  it("queues by default: nothing is stopped", async () => {
    const { running, waiting } = await busy();
    expect(await isAskedToStop(running)).toBe(false);
    expect(await queueOf(running)).toEqual([waiting.completionId]);
    expect(signalled).toEqual([]);
  });

  it.each([
    ["interrupt", (accepted: Accepted) => worker.send("now", { ...accepted, onBusy: "interrupt" })],
    ["an edit", (accepted: Accepted) => reword(accepted)],
    ["a regenerate", (accepted: Accepted) => again(accepted)],
  ] as const)("%s stops what runs and goes before the waiting sends", async (_what, ask) => {
    const { running, claim, waiting } = await busy();
    const accepted = await ask(running);
    expect(await isAskedToStop(running)).toBe(true);
    expect(signalled).toEqual([running.completionId]);
    expect(await queueOf(running)).toEqual([accepted.completionId, waiting.completionId]);
    expect(await worker.end(claim, "half", { event: "stop" })).toBe(accepted.completionId);
    await worker.answer(accepted, "re now");
    await worker.answer(waiting, "re two");
  });

  it("the last of several interrupts goes first", async () => {
    const { running, claim, waiting } = await busy();
    const accepted = [];
    for (const words of ["a", "b"]) accepted.push(await worker.send(words, { ...running, onBusy: "interrupt" }));
    expect(await queueOf(running)).toEqual([
      accepted[1]!.completionId,
      accepted[0]!.completionId,
      waiting.completionId,
    ]);
    await worker.end(claim, "half", { event: "stop" });
  });

  it.each([
    ["an edit", (accepted: Accepted) => reword(accepted, "queue")],
    ["a regenerate", (accepted: Accepted) => again(accepted, "queue")],
  ] as const)("%s that may wait does", async (_what, ask) => {
    const { running, waiting } = await busy();
    const accepted = await ask(running);
    expect(await isAskedToStop(running)).toBe(false);
    expect(await queueOf(running)).toEqual([waiting.completionId, accepted.completionId]);
  });

  it.each([
    ["a send", (accepted: Accepted) => worker.send("x", { ...accepted, onBusy: "reject" })],
    ["an edit", (accepted: Accepted) => reword(accepted, "reject")],
    ["a regenerate", (accepted: Accepted) => again(accepted, "reject")],
  ] as const)(
    "reject refuses %s with busy and stores nothing, while it runs and while it is queued",
    async (_what, ask) => {
      const running = await worker.send("one");
      await expect(ask(running)).rejects.toMatchObject({ code: "busy" });
      const claim = await worker.claim(running);
      const before = await counts(running);
      await expect(ask(running)).rejects.toMatchObject({ code: "busy" });
      expect(await counts(running)).toEqual(before);
      expect(await queueOf(running)).toEqual([]);
      await worker.end(claim, "re one");
      const accepted = await ask(running);
      expect(accepted.sequence).toBe((await counts(running)).messages);
    },
  );

  it("an interrupt stops also what is being claimed at this moment", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    await whileLocked({ name, database }, conversationId, [
      () => worker.claim(first),
      () => worker.send("now", { conversationId, onBusy: "interrupt" }),
    ]);
    const { status } = await getCompletion(database, worker.spine.principal, first.completionId, permitAll);
    expect(status).toBe("running");
    expect(await isAskedToStop(first)).toBe(true);
    expect(signalled).toContain(first.completionId);
    expect(await queueOf(first)).toHaveLength(1);
  });

  it("an interrupt is not overtaken by a claim that begins meanwhile", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    await whileLocked({ name, database }, conversationId, [
      () => worker.send("now", { conversationId, onBusy: "interrupt" }),
      () => worker.tryClaim(first),
    ]);
    expect(await worker.tryClaim(first)).toBeNull();
    expect((await queueOf(first)).indexOf(first.completionId)).toBe(1);
  });

  it("an interrupt stops also what was sent and claimed while it waited for its turn, or goes before it", async () => {
    for (let round = 0; round < testRuns(40); round += 1) {
      const first = await worker.send("one");
      const { conversationId } = first;
      await worker.answer(first, "re one");
      const second = Promise.withResolvers<Accepted>();
      await whileLocked({ name, database }, conversationId, [
        async () => {
          second.resolve(await worker.send("two", { conversationId }));
          await worker.tryClaim(await second.promise);
        },
        () => worker.send("now", { conversationId, onBusy: "interrupt" }),
      ]);
      const accepted = await second.promise;
      const isBehind = (await queueOf(first)).indexOf(accepted.completionId) === 1;
      expect(isBehind || (await isAskedToStop(accepted))).toBe(true);
    }
  });

  it("send now stops also what is being claimed at this moment", async () => {
    const first = await worker.send("one");
    const { conversationId } = first;
    const second = await worker.send("two", { conversationId });
    await whileLocked({ name, database }, conversationId, [
      () => worker.claim(first),
      () => sendNow(worker.spine.context, worker.spine.principal, second.completionId, permitAll),
    ]);
    expect(await isAskedToStop(first)).toBe(true);
    expect(signalled).toContain(first.completionId);
  });
});
