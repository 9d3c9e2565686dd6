import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { EngineDependencies } from "../../engine/dependencies.ts";
import type { Database } from "../../ports/database.ts";
import type { BackgroundJob, Tool } from "../../protocol/agent/tool.ts";
import { createBackgroundWorld, resultsIn, type BackgroundWorld } from "../../testing/background-world.ts";
import { until } from "../../testing/spine.ts";
import { testDatabases } from "../../testing/databases/test-databases.ts";
import { outcomeUnknown } from "../execution.ts";
import { completed, failed, notFound, pending } from "../results.ts";
import { tool, type BackgroundDefinition } from "../tool.ts";

const inputSchema = z.object({ number: z.number() });
type Options = Partial<BackgroundDefinition<typeof inputSchema>> & { readonly background?: object };
const workOf = (execute: (job: BackgroundJob) => unknown, options: Options = {}): Tool =>
  tool({ inputSchema, background: {}, ...options, execute: (_input, job) => execute(job) });

describe.each(testDatabases)("B5 B7 N2 a background tool on $name", ({ open }) => {
  let database: Database;
  const worlds: BackgroundWorld[] = [];
  const openWorld = async (work: Tool, engine: Partial<EngineDependencies> = {}): Promise<BackgroundWorld> => {
    const world = await createBackgroundWorld(database, work, engine);
    worlds.push(world);
    return world;
  };

  beforeEach(async () => {
    database = await open();
  });
  afterEach(async () => {
    await Promise.all(worlds.splice(0).map((world) => world.close()));
    await database.close();
  });

  test("is pending at once, and its result is in the next prompt exactly once", async () => {
    const gate = Promise.withResolvers<void>();
    const world = await openWorld(workOf(() => gate.promise.then(() => completed({ found: 42 }))));
    await world.background();
    const { asked } = await world.start();
    expect(JSON.stringify(world.model.calls[1]?.messages.at(-1))).toContain('"status":"pending"');
    gate.resolve();
    await world.execution(({ status }) => status === "completed");
    await world.ask("and now", { conversationId: asked.conversationId });
    const prompt = world.model.calls.at(-1);
    expect(resultsIn(prompt)).toBe(1);
    expect(JSON.stringify(prompt?.messages.at(-1))).toContain("42");
    await world.ask("and then", { conversationId: asked.conversationId });
    expect(resultsIn(world.model.calls.at(-1))).toBe(1);
  });

  test("that throws is started again as often as its attempts say, under the same idempotency key", async () => {
    const jobs: BackgroundJob[] = [];
    const world = await openWorld(
      workOf(
        (job) => {
          jobs.push(job);
          if (job.attempt < 3) throw new Error("secret");
          return "done";
        },
        { background: { attempts: 3 } },
      ),
    );
    await world.background();
    await world.start();
    const row = await world.execution(({ status }) => status === "completed");
    expect(row).toMatchObject({ attempts: 3, result: completed("done") });
    expect(jobs.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(new Set(jobs.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  test("that throws is not started again where nobody said that it may be; its text stays in the log", async () => {
    let starts = 0;
    const world = await openWorld(
      workOf(() => {
        starts += 1;
        throw new Error("secret");
      }),
    );
    await world.background();
    await world.start();
    const row = await world.execution(({ status }) => status === "failed");
    expect([starts, row.result]).toEqual([1, failed("The tool failed.")]);
  });

  test("that takes too long is told to stop, and has failed", async () => {
    const signals: AbortSignal[] = [];
    const world = await openWorld(
      workOf(
        ({ abortSignal }) => {
          signals.push(abortSignal);
          return new Promise(() => {});
        },
        { background: { timeout: 20 } },
      ),
    );
    await world.background();
    await world.start();
    const row = await world.execution(({ status }) => status === "failed");
    expect(row.result).toEqual(failed("The tool did not answer within 0.02 s."));
    expect(signals[0]?.aborted).toBe(true);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  test.each([
    ["50 MB", () => "x".repeat(50_000_000), failed("The tool's result is larger than 1 MiB.")],
    ["what refers to itself", () => cyclic, failed("The tool's result is not JSON that can be stored.")],
    ["text that can't be stored", () => "a\0b\ud83d", completed("ab\ufffd")],
    ["nothing", () => undefined, completed(null)],
    ["that there is nothing", () => notFound("order 7"), notFound("order 7")],
  ])("F25 that gives %s has a result all the same", async (_what, give, result) => {
    const world = await openWorld(workOf(give));
    await world.background();
    const { asked } = await world.start();
    expect((await world.execution(({ finished_at }) => finished_at !== null)).result).toEqual(result);
    await world.ask("and now", { conversationId: asked.conversationId });
    expect(resultsIn(world.model.calls.at(-1))).toBe(1);
  });

  test("tells its progress, the newest of what comes at once, and keeps it", async () => {
    const seen = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const world = await openWorld(
      workOf(async (job) => {
        await job.progress({ ratio: 0.25, note: "first" });
        await seen.promise;
        await job.progress({ ratio: 0.5 });
        await job.progress({ ratio: 7, note: "x".repeat(10_000) });
        await gate.promise;
        return "done";
      }),
    );
    await world.background();
    await world.start();
    const first = await world.execution(({ progress }) => progress !== null);
    expect(first.progress).toEqual({ ratio: 0.25, note: "first" });
    seen.resolve();
    const last = await world.execution(({ progress }) => progress?.ratio === 1);
    expect(last.progress?.note).toHaveLength(500);
    gate.resolve();
    await world.execution(({ status }) => status === "completed");
  });

  test.each([
    ["is done by another if it is retrySafe", true, { status: "completed", attempts: 1, crashes: 0 }],
    ["has an unknown outcome otherwise", false, { status: "failed", result: outcomeUnknown }],
  ])("F2 that its worker leaves %s", async (_what, retrySafe, expected) => {
    let starts = 0;
    const world = await openWorld(
      workOf(
        () => {
          starts += 1;
          return starts === 1 ? new Promise(() => {}) : "done";
        },
        { retrySafe },
      ),
    );
    const first = await world.background();
    await world.start();
    await until(async () => starts === 1);
    await first.drain(0);
    await world.background();
    const row = await world.execution(({ finished_at }) => finished_at !== null);
    expect(row).toMatchObject(expected);
    expect(starts).toBe(retrySafe ? 2 : 1);
  });

  test("S44 has a cap for each user, told to the model", async () => {
    const gate = Promise.withResolvers<void>();
    const world = await openWorld(
      workOf(() => gate.promise),
      { backgroundPerUser: 3 },
    );
    await world.background();
    for (let count = 0; count < 3; count += 1) await world.ask("start");
    await world.ask("start");
    expect(JSON.stringify(world.model.calls.at(-1)?.messages.at(-1))).toContain("3 background tools of this person");
    expect(await world.executions()).toHaveLength(3);
    gate.resolve();
  });

  test("that answers pending waits for a webhook no longer than its time", async () => {
    const world = await openWorld(workOf(() => pending("the shop calls back"), { background: { timeout: 3_000 } }));
    await world.background();
    await world.start();
    const waiting = await world.execution(({ status }) => status === "waiting");
    expect(waiting.progress).toEqual({ ratio: null, note: "the shop calls back" });
    const row = await world.execution(({ status }) => status === "failed");
    expect(row.result).toEqual(failed("The tool did not answer within 3 s."));
  });
});
