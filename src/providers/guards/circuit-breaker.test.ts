import { describe, expect, test } from "vitest";
import { NatterError, type ErrorCode } from "../../foundation/errors.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { createScriptedModel, say, type ModelStep } from "../../testing/providers/scripted-model.ts";
import { withCircuitBreaker } from "./circuit-breaker.ts";

const call: ModelCall = { model: "test/model", messages: [], tools: [], settings: {} };
const fails = (code: ErrorCode): ModelStep[] => [{ fail: new NatterError(code, "no") }];
const speaks = say("hello");

/** A breaker that opens after three failures for 10 s, over a model that does what it is told; time passes by hand. */
const openBreaker = () => {
  let now = 0;
  let next: readonly ModelStep[] = speaks;
  const model = createScriptedModel(() => [next]);
  const driver = withCircuitBreaker(model, { failures: 3, rest: 10_000, now: () => now });
  const ask = (steps: readonly ModelStep[], signal = new AbortController().signal): Promise<string> => {
    next = steps;
    return driver
      .stream(call, signal, () => {})
      .then(
        ({ finishReason }) => finishReason,
        (thrown: unknown) => (thrown instanceof NatterError ? thrown.code : String(thrown)),
      );
  };
  return { model, driver, ask, pass: (milliseconds: number) => void (now += milliseconds) };
};

const open = async () => {
  const breaker = openBreaker();
  for (const code of ["provider_busy", "provider_timeout", "provider_unreachable"] as const)
    await breaker.ask(fails(code));
  return breaker;
};

describe("B8 a circuit breaker", () => {
  test("refuses calls after so many failures in a row, without making them, and says for how long", async () => {
    const { ask, driver, model, pass } = await open();
    expect(await ask(speaks)).toBe("provider_busy");
    expect(model.calls).toHaveLength(3);
    pass(4_000);
    await expect(driver.stream(call, new AbortController().signal, () => {})).rejects.toMatchObject({ retryAfter: 6 });
  });

  test("a success between failures begins the count anew, and so does an answer that only refuses", async () => {
    const { ask, model } = openBreaker();
    for (const between of [speaks, fails("provider_refused"), fails("provider_misconfigured")]) {
      for (let failure = 0; failure < 2; failure += 1) await ask(fails("provider_failed"));
      await ask(between);
    }
    expect(model.calls).toHaveLength(9);
    expect(await ask(speaks)).toBe("stop");
  });

  test("lets one call try after its rest: what it says opens the way for all", async () => {
    const { ask, model, pass } = await open();
    pass(10_000);
    const spoken = Promise.withResolvers<void>();
    const trying = ask([{ wait: spoken.promise }, ...speaks]);
    await model.called(4);
    expect(await ask(speaks)).toBe("provider_busy");
    spoken.resolve();
    expect(await trying).toBe("stop");
    expect(await ask(speaks)).toBe("stop");
  });

  test("rests again when the one that tried fails", async () => {
    const { ask, model, pass } = await open();
    pass(10_000);
    expect(await ask(fails("provider_failed"))).toBe("provider_failed");
    pass(9_999);
    expect(await ask(speaks)).toBe("provider_busy");
    expect(model.calls).toHaveLength(4);
    pass(1);
    expect(await ask(speaks)).toBe("stop");
  });

  test("lets the next one try when the one that tried was stopped", async () => {
    const { ask, model, pass } = await open();
    pass(10_000);
    const stopping = new AbortController();
    const trying = ask([{ hang: true }], stopping.signal);
    await model.called(4);
    stopping.abort(new Error("stopped"));
    expect(await trying).toBe("Error: stopped");
    expect(await ask(speaks)).toBe("stop");
  });
});
