import { describe, expect, test } from "vitest";
import { NatterError, type ErrorCode, type NatterErrorOptions } from "../../foundation/errors.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { createScriptedModel, say, type ModelScript } from "../../testing/providers/scripted-model.ts";
import { withRetry } from "./retry.ts";
import { sleep, type Sleep } from "./sleep.ts";

const call: ModelCall = { model: "test/model", messages: [], tools: [], settings: {} };

const fail = (code: ErrorCode, options: NatterErrorOptions = {}) => ({ fail: new NatterError(code, "no", options) });

const run = async (
  script: ModelScript,
  {
    random = () => 1,
    signal = new AbortController().signal,
    sleep: pause,
  }: { random?: () => number; signal?: AbortSignal; sleep?: Sleep } = {},
) => {
  const pauses: number[] = [];
  const texts: string[] = [];
  const model = createScriptedModel(script);
  const driver = withRetry(model, {
    random,
    sleep: pause ?? (async (milliseconds) => void pauses.push(milliseconds)),
  });
  const outcome = await driver
    .stream(call, signal, (events) =>
      texts.push(...events.map((event) => ("delta" in event ? event.delta : event.type))),
    )
    .then(({ finishReason }) => finishReason)
    .catch((thrown: unknown) => (thrown instanceof NatterError ? thrown.code : thrown));
  return { outcome, pauses, texts, calls: model.calls.length, aborts: model.aborts };
};

describe("a retried model", () => {
  test.each(["provider_busy", "provider_unreachable", "provider_failed"] as const)(
    "F23 is called again after %s, and its answer counts",
    async (code) => {
      const found = await run((_call, number) => (number < 3 ? [fail(code)] : [say("hello")]));
      expect(found).toEqual({ outcome: "stop", pauses: [500, 1000], texts: ["hello"], calls: 3, aborts: 0 });
    },
  );

  test("F23 gives up after three calls with the last failure", async () => {
    expect(await run(() => [fail("provider_busy")])).toMatchObject({ outcome: "provider_busy", calls: 3 });
  });

  test.each(["provider_misconfigured", "provider_refused", "provider_timeout", "internal"] as const)(
    "is not called again after %s",
    async (code) => {
      expect(await run(() => [fail(code)])).toMatchObject({ outcome: code, calls: 1, pauses: [] });
    },
  );

  test("F23 is never called again after it said something", async () => {
    expect(await run(() => [say("half"), fail("provider_busy")])).toMatchObject({
      outcome: "provider_busy",
      calls: 1,
      texts: ["half"],
    });
  });

  test("F23 is left alone as long as Retry-After asks, but nobody waits for minutes", async () => {
    const after = (retryAfter: number) =>
      run((_call, number) => (number < 2 ? [fail("provider_busy", { retryAfter })] : [say("ok")]));
    expect(await after(7)).toMatchObject({ outcome: "stop", pauses: [7000] });
    expect(await after(0)).toMatchObject({ outcome: "stop", pauses: [500] });
    expect(await after(21)).toMatchObject({ outcome: "provider_busy", pauses: [] });
  });

  test("waits with jitter, so that many callers do not return at once", async () => {
    expect((await run(() => [fail("provider_busy")], { random: () => 0 })).pauses).toEqual([250, 500]);
  });

  test("stops waiting when it is aborted, with the signal's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("stopped");
    const found = run(() => [fail("provider_busy")], {
      signal: controller.signal,
      sleep: (_milliseconds, signal) => {
        setImmediate(() => controller.abort(reason));
        return sleep(60_000, signal);
      },
    });
    expect(await found).toMatchObject({ outcome: reason, calls: 1 });
  });
});
