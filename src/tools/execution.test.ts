import sql from "sql-template-tag";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Claim } from "../completions/claim.ts";
import type { Database } from "../ports/database.ts";
import type { InlineTool, ToolContext } from "../protocol/agent/tool.ts";
import { testContext } from "../testing/injected-context.ts";
import { createHandWorker, type HandWorker } from "../testing/hand-worker.ts";
import { testDatabases } from "../testing/databases/test-databases.ts";
import { checkInput, outcomeUnknown, recordToolOutcome, recordToolStart, runBody } from "./execution.ts";
import { completed, failed, notFound, pending, validationError } from "./results.ts";
import { tool } from "./tool.ts";

const contextWith = (abortSignal: AbortSignal): ToolContext => ({
  workspaceId: "w",
  conversationId: "c",
  completionId: "o",
  userId: "u",
  callId: "call-1",
  idempotencyKey: "o:call-1",
  abortSignal,
  context: testContext,
});

const bodyOf = (execute: (signal: AbortSignal) => unknown, timeout?: number): InlineTool =>
  tool({
    inputSchema: z.object({}),
    ...(timeout === undefined ? {} : { timeout }),
    execute: (_input, { abortSignal }) => execute(abortSignal),
  });

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("B4 the body of a tool", () => {
  const run = async (made: InlineTool, signal = new AbortController().signal) => {
    const thrown: unknown[] = [];
    const outcome = await runBody(made, {}, contextWith(signal), (error) => thrown.push(error));
    return { outcome, thrown };
  };

  it("gives its result", async () => {
    for (const result of [
      completed({ a: [1, null] }),
      pending("later"),
      notFound("x"),
      validationError(["x"]),
      failed("no"),
    ])
      expect(await run(bodyOf(() => result))).toEqual({ outcome: result, thrown: [] });
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("secret: sk-123");
      },
    ],
    ["rejects", () => Promise.reject(new Error("secret: sk-123"))],
    ["rejects with no error", () => Promise.reject("secret")],
  ])("that %s has failed in words that say nothing; the log is told", async (_what, execute) => {
    const { outcome, thrown } = await run(bodyOf(execute));
    expect(outcome).toEqual(failed("The tool failed."));
    expect(thrown).toHaveLength(1);
    expect(String(thrown[0])).toContain("secret");
  });

  it("that is no async function and throws is told the same way", async () => {
    const made: InlineTool = {
      ...bodyOf(() => null),
      execute: () => {
        throw new Error("secret");
      },
    };
    expect((await run(made)).outcome).toEqual(failed("The tool failed."));
  });

  it("that takes too long is given up and told to stop, also when it does not listen", async () => {
    const signals: AbortSignal[] = [];
    const deaf = bodyOf((signal) => {
      signals.push(signal);
      return new Promise(() => {});
    }, 20);
    const { outcome, thrown } = await run(deaf);
    expect(outcome).toEqual(failed("The tool did not answer within 0.02 s."));
    expect(thrown).toEqual([]);
    expect(signals[0]?.aborted).toBe(true);
    expect((await run(bodyOf(aborted, 20))).outcome).toEqual(outcome);
  });

  it("that is cancelled rejects with the reason, whether it listens or not", async () => {
    for (const execute of [() => new Promise(() => {}), aborted]) {
      const controller = new AbortController();
      const reason = new Error("cancelled");
      const started = Promise.withResolvers<void>();
      const running = run(
        bodyOf((signal) => {
          started.resolve();
          return execute(signal);
        }),
        controller.signal,
      );
      await started.promise;
      controller.abort(reason);
      await expect(running).rejects.toBe(reason);
    }
  });

  it("is not started when it was cancelled before", async () => {
    let starts = 0;
    const reason = new Error("cancelled");
    const running = run(
      bodyOf(() => (starts += 1)),
      AbortSignal.abort(reason),
    );
    await expect(running).rejects.toBe(reason);
    expect(starts).toBe(0);
  });

  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  let deep: unknown = 1;
  for (let level = 0; level < 100; level += 1) deep = [deep];

  it.each([
    ["50 MB of text", () => "x".repeat(50_000_000), "The tool's result is larger than 1 MiB."],
    ["a million numbers", () => Array.from({ length: 1_000_000 }, () => 1), "The tool's result is larger than 1 MiB."],
    ["what refers to itself", () => cyclic, "The tool's result is not JSON that can be stored."],
    ["what is too deep", () => deep, "The tool's result is not JSON that can be stored."],
    ["a bigint", () => ({ n: 1n }), "The tool's result is not JSON that can be stored."],
    ["raw bytes", () => Buffer.from("x"), "The tool's result is not JSON that can be stored."],
    ["a number that is none", () => Number.NaN, "The tool's result is not JSON that can be stored."],
  ])("that gives %s has failed", async (_what, execute, message) => {
    expect((await run(bodyOf(execute))).outcome).toEqual(failed(message));
  });

  it("that gives what JSON has no word for gives what JSON makes of it", async () => {
    const outcome = (value: unknown) => run(bodyOf(() => value)).then((ran) => ran.outcome);
    expect(await outcome({ at: new Date(0), f: () => 1, u: undefined, text: "\ud83d\0x" })).toEqual(
      completed({ at: "1970-01-01T00:00:00.000Z", text: "\ufffdx" }),
    );
    expect(await outcome(new Map([[1, 2]]))).toEqual(completed({}));
  });

  it("that has words for its failure has them in a form and size that can be stored", async () => {
    const long = "x".repeat(50_000_000);
    const outcomes = [
      failed(`a\0b\ud83d${long}`),
      pending(`a\0b${long}`),
      notFound(`\ud83d${long}`),
      validationError([`\0${long}`, long]),
    ];
    for (const outcome of outcomes) {
      const stored = (await run(bodyOf(() => outcome))).outcome;
      expect(stored.type).toBe(outcome.type);
      const text = JSON.stringify(stored);
      expect(text.length).toBeLessThan(200_000);
      expect(text.isWellFormed()).toBe(true);
      expect(text).not.toMatch(/\\u0000|\\ud83d/);
    }
    const many = validationError(Array.from({ length: 10_000 }, () => "wrong"));
    expect(JSON.stringify((await run(bodyOf(() => many))).outcome).length).toBeLessThan(200_000);
  });
});

describe("B4 the input of a tool", () => {
  it("is checked before anything is recorded", async () => {
    const made = tool({ inputSchema: z.object({ a: z.number() }), execute: () => null });
    expect(await checkInput(made, { callId: "c", tool: "t", input: { a: 1 } })).toHaveProperty("value");
    expect(await checkInput(made, { callId: "c", tool: "t", input: { a: "x" } })).toMatchObject({
      refused: { type: "validation-error", issues: [expect.stringMatching(/^a: /)] },
    });
  });
});

describe.each(testDatabases)("a tool execution on $name", ({ open }) => {
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

  const once = tool({ inputSchema: z.object({}), execute: () => null });
  const retrySafe = tool({ inputSchema: z.object({}), retrySafe: true, execute: () => null });
  const call = { callId: "call-1", tool: "add", input: { a: 1, text: "漢字" } };

  const begun = async (): Promise<Claim> => worker.claim(await worker.send("one"));

  /** The claim of the worker that comes after a crash. */
  const takeOver = async (claim: Claim): Promise<Claim> => {
    const fence = claim.fence + 1;
    await database.query(sql`update completion set fence = ${fence} where id = ${claim.completionId}`);
    return { ...claim, fence };
  };
  const stored = async ({ completionId }: Claim) => {
    const rows = await database.query(sql`
      select call_id as id, tool, input, status, starts, outcome from tool_execution where completion_id = ${completionId}`);
    return rows;
  };

  it("is started once: after a crash it is known, so that its outcome is unknown", async () => {
    const first = await begun();
    expect(await recordToolStart(database, { claim: first, step: 1, call }, once)).toBe("started");
    const second = await takeOver(first);
    expect(await recordToolStart(database, { claim: second, step: 1, call }, once)).toBe("known");
    expect(await stored(second)).toEqual([
      { id: "call-1", tool: "add", input: call.input, status: "started", starts: 1, outcome: null },
    ]);
    expect(await recordToolOutcome(database, { claim: second, step: 1, call }, outcomeUnknown)).toBe(true);
    expect(await stored(second)).toMatchObject([{ status: "finished", starts: 1, outcome: outcomeUnknown }]);
  });

  it("is started again after a crash when its tool is retrySafe, and the starts are counted", async () => {
    let claim = await begun();
    for (const starts of [1, 2, 3]) {
      for (let time = 0; time < 2; time += 1)
        expect(await recordToolStart(database, { claim, step: 1, call }, retrySafe)).toBe("started");
      expect(await stored(claim)).toMatchObject([{ status: "started", starts }]);
      claim = await takeOver(claim);
    }
  });

  it("keeps its result for ever: no later claim starts it or says otherwise, retrySafe or not", async () => {
    const first = await begun();
    await recordToolStart(database, { claim: first, step: 1, call }, once);
    expect(await recordToolOutcome(database, { claim: first, step: 1, call }, completed({ sum: 5 }))).toBe(true);
    const second = await takeOver(first);
    for (const made of [once, retrySafe])
      expect(await recordToolStart(database, { claim: second, step: 1, call }, made)).toBe("known");
    expect(await recordToolOutcome(database, { claim: second, step: 1, call }, failed("no"))).toBe(false);
    expect(await stored(second)).toMatchObject([{ status: "finished", starts: 1, outcome: completed({ sum: 5 }) }]);
  });

  it("has a result without a start when its input was refused", async () => {
    const claim = await begun();
    const refused = validationError(["a: wrong"]);
    expect(await recordToolOutcome(database, { claim, step: 1, call }, refused)).toBe(true);
    expect(await stored(claim)).toMatchObject([{ status: "finished", starts: 0, outcome: refused }]);
  });

  it("writes nothing for a claim that is lost, or that has ended", async () => {
    const first = await begun();
    const second = await takeOver(first);
    expect(await recordToolStart(database, { claim: first, step: 1, call }, retrySafe)).toBe("lost");
    expect(await recordToolOutcome(database, { claim: first, step: 1, call }, completed(1))).toBe(false);
    await worker.end(second, "re one");
    expect(await recordToolStart(database, { claim: second, step: 1, call }, retrySafe)).toBe("lost");
    expect(await recordToolOutcome(database, { claim: second, step: 1, call }, completed(1))).toBe(false);
    expect(await stored(second)).toEqual([]);
  });

  it("is started by one of two workers that both believe that they hold the claim", async () => {
    const first = await begun();
    const second = await takeOver(first);
    const starts = await Promise.all(
      [first, second, first, second].map((claim) => recordToolStart(database, { claim, step: 1, call }, once)),
    );
    expect(starts).toEqual(["lost", "started", "lost", "started"]);
    expect(await stored(second)).toMatchObject([{ starts: 1 }]);
  });
});
