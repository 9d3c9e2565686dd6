import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { send } from "../../conversations/sending/send.ts";
import type { Worker } from "../../engine/worker.ts";
import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { callTool, createScriptedModel, say, type ModelScript } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until, type Spine } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { tool } from "../../tools/tool.ts";
import { cancel } from "../cancel.ts";
import { getCompletion } from "../read.ts";

interface Entry {
  readonly step: number;
  readonly fence: number;
  readonly input: number;
  readonly output: number;
  readonly cost: number | null;
  readonly estimated: boolean;
}

describe.each(testDatabases)("A8 N6 the ledger on $name", ({ open }) => {
  let database: Database;
  let spine: Spine;
  let worker: Worker;
  let script: ModelScript = () => [];

  beforeAll(async () => {
    database = await open();
    const add = tool({
      inputSchema: z.object({ a: z.number(), b: z.number() }),
      execute: ({ a, b }) => a + b,
    });
    spine = await createSpine({
      database,
      model: createScriptedModel((call, number) => script(call, number)),
      agents: { default: { tools: { add } } },
    });
    worker = spine.worker();
    await worker.start();
  });

  afterAll(async () => {
    await worker.drain(2);
    await spine.close();
    await database.close();
  });

  const ask = (words = "12345678", model?: string) =>
    send(spine.context, spine.principal, { message: { parts: text(words) }, model }, permitAll);
  const read = (completionId: string) => getCompletion(database, spine.principal, completionId, permitAll);
  const ended = (completionId: string) =>
    until(async () => {
      const completion = await read(completionId);
      return completion.timing.finishedAt !== null && completion;
    });
  const shown = (completionId: string) =>
    until(async () =>
      (await readLog(spine.log, completionId).catch(() => null))?.chunks.some(({ type }) => type === "text-delta"),
    );
  const entries = (completionId: string): Promise<Entry[]> =>
    database.query<Entry>(sql`
      select step, fence, input_tokens as input, output_tokens as output, cost_micros as cost, estimated from usage
      where completion_id = ${completionId} order by step, fence`);
  const runs = (next: ModelScript) => {
    script = next;
  };

  it("takes the provider's count, priced, when the call is done", async () => {
    const usage = { inputTokens: 100, outputTokens: 7, cacheReadTokens: 40, cacheWriteTokens: 9, reasoningTokens: 3 };
    runs(() => [say("hello"), { end: { finishReason: "stop", usage } }]);
    const { completionId } = await ask();
    expect(await ended(completionId)).toMatchObject({
      status: "completed",
      usage: { inputTokens: 100, outputTokens: 7, cacheReadTokens: 40, reasoningTokens: 3, estimated: false },
      costMicros: 170,
    });
    expect(await entries(completionId)).toEqual([
      { step: 1, fence: 1, input: 100, output: 7, cost: 170, estimated: false },
    ]);
    const [row] = await database.query(sql`
      select cache_read_tokens as read, cache_write_tokens as written, reasoning_tokens as reasoned, price, user_id as payer
      from usage where completion_id = ${completionId}`);
    expect(row).toEqual({
      read: 40,
      written: 9,
      reasoned: 3,
      price: { input: 1, output: 10 },
      payer: spine.principal.userId,
    });
  });

  it("holds the estimate before the provider is asked", async () => {
    const seen = Promise.withResolvers<Entry[]>();
    runs(() => [{ wait: seen.promise }, say("hello")]);
    const { completionId } = await ask();
    const before = await until(async () => {
      const rows = await entries(completionId);
      return rows.length > 0 && rows;
    });
    seen.resolve(before);
    // 8 characters are 2 tokens, and a message costs 4 more
    expect(before).toEqual([{ step: 1, fence: 1, input: 6, output: 0, cost: 6, estimated: true }]);
    await ended(completionId);
  });

  it("estimates, and says so, where the provider does not count", async () => {
    runs(() => [say("12345678", "9012"), { end: { finishReason: "stop" } }]);
    const { completionId } = await ask();
    expect(await ended(completionId)).toMatchObject({ usage: { outputTokens: 3, estimated: true } });
    expect(await entries(completionId)).toMatchObject([{ output: 3, estimated: true }]);
  });

  it("keeps the estimate of a stopped call, raised by what was shown of it", async () => {
    runs(() => [say("12345678", "9012"), { hang: true }]);
    const { completionId } = await ask();
    await shown(completionId);
    await cancel(spine.context, spine.principal, completionId, permitAll);
    expect(await ended(completionId)).toMatchObject({
      status: "cancelled",
      usage: { inputTokens: 6, outputTokens: 3, estimated: true },
      costMicros: 36,
    });
    expect(await entries(completionId)).toEqual([
      { step: 1, fence: 1, input: 6, output: 3, cost: 36, estimated: true },
    ]);
  });

  it("keeps the estimate of a call that failed", async () => {
    runs(() => [say("12345678"), { fail: new NatterError("provider_busy", "The model is busy.") }]);
    const { completionId } = await ask();
    expect(await ended(completionId)).toMatchObject({ status: "failed", costMicros: 26 });
    expect(await entries(completionId)).toMatchObject([{ input: 6, output: 2, estimated: true }]);
  });

  it("has an entry for each step, exact for what is done and estimated for what was stopped", async () => {
    runs((call) =>
      call.messages.some(({ role }) => role === "tool")
        ? [say("12345678"), { hang: true }]
        : [callTool("call-1", "add", { a: 1, b: 2 })],
    );
    const { completionId } = await ask();
    await shown(completionId);
    await cancel(spine.context, spine.principal, completionId, permitAll);
    const completion = await ended(completionId);
    const rows = await entries(completionId);
    expect(rows).toMatchObject([
      { step: 1, fence: 1, input: 10, output: 2, cost: 30, estimated: false },
      { step: 2, fence: 1, output: 2, estimated: true },
    ]);
    expect(rows[1]!.input).toBeGreaterThan(6);
    expect(completion).toMatchObject({
      usage: { inputTokens: 10 + rows[1]!.input, outputTokens: 4, estimated: true },
      costMicros: 30 + rows[1]!.cost!,
    });
  });

  it("has an entry for the call that died with its worker, and one for the call that was made again", async () => {
    let calls = 0;
    runs(() => ((calls += 1) === 1 ? [say("12345678"), { hang: true }] : [say("whole answer")]));
    const { completionId } = await ask();
    await shown(completionId);
    await database.query(sql`
      update completion set snapshot = ${JSON.stringify({ step: 1, fence: 1, parts: text("123456789012") })}::jsonb,
        lease_until = now() - interval '1 second' where id = ${completionId}`);
    expect(await ended(completionId)).toMatchObject({ status: "completed", crashes: 0, usage: { estimated: true } });
    expect(await entries(completionId)).toEqual([
      { step: 1, fence: 1, input: 6, output: 3, cost: 36, estimated: true },
      { step: 1, fence: 2, input: 10, output: 1, cost: 20, estimated: false },
    ]);
  });

  it("counts nothing for what was cancelled before its turn", async () => {
    const gate = Promise.withResolvers<void>();
    runs(() => [{ wait: gate.promise }, say("x")]);
    const first = await ask();
    await until(async () => (await read(first.completionId)).status === "running");
    const input = { conversationId: first.conversationId, message: { parts: text("later") } };
    const waiting = await send(spine.context, spine.principal, input, permitAll);
    await cancel(spine.context, spine.principal, waiting.completionId, permitAll);
    gate.resolve();
    expect(await ended(waiting.completionId)).toMatchObject({ usage: null, costMicros: null });
    expect(await entries(waiting.completionId)).toEqual([]);
    await ended(first.completionId);
  });
});
