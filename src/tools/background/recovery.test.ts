import fc from "fast-check";
import sql from "sql-template-tag";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { claimNext, type Claim } from "../../completions/claim.ts";
import { recordEnd } from "../../completions/progress.ts";
import { getCompletion } from "../../completions/read.ts";
import { cancelToolExecution } from "../../conversations/tool-executions/change.ts";
import { getMessage } from "../../conversations/messages.ts";
import { send } from "../../conversations/sending/send.ts";
import { createClaimOptions } from "../../engine/claim/claim-options.ts";
import type { Database } from "../../ports/database.ts";
import { endExecution } from "../../store/background/ending.ts";
import { createBackgroundWorld, resultsIn, type BackgroundWorld } from "../../testing/background-world.ts";
import { answerParts } from "../../testing/hand-worker.ts";
import { createScriptedModel, say } from "../../testing/providers/scripted-model.ts";
import { createSpine, permitAll, readLog, text, until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { completed } from "../results.ts";
import { tool } from "../tool.ts";
import { startExecution } from "./start-execution.ts";

describe.each(testDatabases)("B5 B7 N1 on $name", ({ open }) => {
  let database: Database;
  let world: BackgroundWorld;
  let gate: PromiseWithResolvers<unknown>;
  let starts: number;

  beforeEach(async () => {
    database = await open();
    gate = Promise.withResolvers();
    starts = 0;
    const execute = () => {
      starts += 1;
      return gate.promise;
    };
    world = await createBackgroundWorld(
      database,
      tool({ inputSchema: z.object({ number: z.number() }), retrySafe: true, background: {}, execute }),
    );
  });
  afterEach(async () => {
    gate.resolve("over");
    await world.close();
    await database.close();
  });

  test("a worker that was thought dead and comes back with a result changes nothing", async () => {
    // one that has its hands full, and looks at nothing
    await world.background({ workerId: "frozen", concurrency: 1, pollSeconds: 60 });
    await world.start();
    await until(async () => starts === 1);
    // its lease is taken away as if it had been stopped
    await database.query(sql`update job set due_at = now() - interval '1 second', worker_id = 'nobody'`);
    await world.background();
    await until(async () => starts === 2, 30);
    gate.resolve("both");
    await world.execution(({ status }) => status === "completed");
    expect((await world.executions())[0]).toMatchObject({ attempts: 1, crashes: 1, round: 1 });
  });

  test("F15 a cancel that meets the finish: one of them wins, and the other changes nothing", async () => {
    const { spine } = world;
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.nat(3), async (cancelsFirst, waits) => {
        await world.ask("start");
        const execution = (await world.executions()).at(-1)!;
        const key = { workspaceId: execution.workspace_id, id: execution.id };
        const pause = async (): Promise<void> => {
          for (let turn = 0; turn < waits; turn += 1) await Promise.resolve();
        };
        const finish = async (): Promise<boolean> => {
          if (cancelsFirst) await pause();
          const result = { type: "completed", data: 1 } as const;
          return (
            (await endExecution(database, key, {
              status: "completed",
              result,
              from: { round: 1 },
              continueJobId: null,
            })) !== undefined
          );
        };
        const cancel = async (): Promise<boolean> => {
          if (!cancelsFirst) await pause();
          return (await cancelToolExecution(spine.context, spine.principal, key.id, permitAll)).status === "cancelled";
        };
        const [hasFinished, wasCancelled] = await Promise.all([finish(), cancel()]);
        expect(hasFinished).toBe(!wasCancelled);
        const row = (await world.executions()).find(({ id }) => id === key.id);
        expect(row?.status).toBe(hasFinished ? "completed" : "cancelled");
      }),
      { numRuns: 10 },
    );
  });

  test("F16 a body that is cancelled is told to stop within a second, also when nothing signals it", async () => {
    const signals: AbortSignal[] = [];
    const deaf = await createBackgroundWorld(
      database,
      tool({
        inputSchema: z.object({ number: z.number() }),
        background: {},
        execute: (_input, { abortSignal }) => {
          signals.push(abortSignal);
          return new Promise(() => {});
        },
      }),
    );
    try {
      await deaf.background();
      const { execution } = await deaf.start();
      await until(async () => signals.length === 1);
      const silent = { ...deaf.spine.context, signals: { ...deaf.spine.context.signals, publish: () => {} } };
      await cancelToolExecution(silent, deaf.spine.principal, execution.id, permitAll);
      await until(async () => signals[0]?.aborted, 5);
      expect((await deaf.executions())[0]?.status).toBe("cancelled");
    } finally {
      await deaf.close();
    }
  });
});

describe.each(testDatabases)("B5 F1 on $name", ({ open }) => {
  test("a worker that takes over finds the results that the message carries, in the rows and in the log", async () => {
    const database = await open();
    const model = createScriptedModel(() => [say("answer")]);
    const spine = await createSpine({ database, model });
    const { principal, context } = spine;
    const claim = async (words: string, conversationId?: string): Promise<Claim> => {
      const input = { message: { parts: text(words) }, ...(conversationId === undefined ? {} : { conversationId }) };
      const key = await send(context, principal, input, permitAll);
      const options = createClaimOptions(spine.dependencies({ workerId: "dead", leaseSeconds: 0.001 }));
      return (await claimNext(database, key, options))!;
    };
    const first = await claim("start");
    const { conversationId, messageId, userId, agent } = first;
    const call = { callId: "call", tool: "work", input: {} };
    const origin = { conversationId, messageId, userId, agent, perUser: 1 };
    const started = await startExecution(database, { claim: first, step: 1, call }, origin);
    await recordEnd(database, first, { event: "finish", finishReason: "stop" }, answerParts("begun"));
    const key = { workspaceId: first.workspaceId, id: started?.execution?.id ?? "" };
    const result = completed({ found: 42 });
    await endExecution(database, key, { status: "completed", result, from: { round: 1 }, continueJobId: null });
    const second = await claim("and now", conversationId);
    expect(second.results).toHaveLength(1);
    const worker = spine.worker();
    await worker.start();
    try {
      await until(
        async () => (await getCompletion(database, principal, second.completionId, permitAll)).status === "completed",
      );
      expect(resultsIn(model.calls.at(-1))).toBe(1);
      const reference = { conversationId, messageId: second.messageId };
      const { parts } = await getMessage(database, principal, reference, permitAll);
      expect(parts.map(({ type }) => type)).toEqual(["data-natter-tool-result", "step-start", "text"]);
      const { chunks } = await readLog(spine.log, second.completionId);
      expect(chunks.map(({ type }) => type).slice(0, 3)).toEqual(["start", "data-natter-tool-result", "start-step"]);
    } finally {
      await worker.drain(0);
      await spine.close();
      await database.close();
    }
  });
});
