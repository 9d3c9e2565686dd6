import { describe, expect, test } from "vitest";
import type { ModelCall, ModelDriver } from "../../protocol/agent/model.ts";
import { withConcurrency } from "./concurrency.ts";

const call = (model: string): ModelCall => ({ model, messages: [], tools: [], settings: {} });
const never = new AbortController().signal;

/** A model whose calls end when they are told to. */
const createHeldModel = () => {
  const begun: string[] = [];
  const held = new Map<string, PromiseWithResolvers<void>>();
  const driver: ModelDriver = {
    async stream({ model }) {
      begun.push(model);
      const turn = Promise.withResolvers<void>();
      held.set(model, turn);
      await turn.promise;
      return { finishReason: "stop" };
    },
  };
  return {
    driver,
    begun,
    end: (model: string) => held.get(model)?.resolve(),
    fail: (model: string) => held.get(model)?.reject(new Error("no")),
  };
};

describe("B8 a provider with limited concurrency", () => {
  test("gets so many calls at a time, and the others in their order as places come free, also by failures", async () => {
    const model = createHeldModel();
    const limited = withConcurrency(model.driver, 2);
    const calls = ["a", "b", "c", "d"].map((name) => limited.stream(call(name), never, () => {}));
    const [first, second, third, fourth] = calls;
    await Promise.resolve();
    expect(model.begun).toEqual(["a", "b"]);
    model.fail("b");
    await expect(second).rejects.toThrow("no");
    await expect.poll(() => model.begun).toEqual(["a", "b", "c"]);
    model.end("a");
    await first;
    await expect.poll(() => model.begun).toEqual(["a", "b", "c", "d"]);
    model.end("c");
    model.end("d");
    await Promise.all([third, fourth]);
  });

  test("who is aborted while waiting leaves, and takes nobody's place along", async () => {
    const model = createHeldModel();
    const limited = withConcurrency(model.driver, 1);
    const first = limited.stream(call("a"), never, () => {});
    const leaving = new AbortController();
    const left = limited.stream(call("b"), leaving.signal, () => {});
    const last = limited.stream(call("c"), never, () => {});
    leaving.abort(new Error("stopped"));
    await expect(left).rejects.toThrow("stopped");
    await expect(limited.stream(call("d"), leaving.signal, () => {})).rejects.toThrow("stopped");
    model.end("a");
    await first;
    await expect.poll(() => model.begun).toEqual(["a", "c"]);
    model.end("c");
    await last;
    const next = limited.stream(call("e"), never, () => {});
    await expect.poll(() => model.begun).toEqual(["a", "c", "e"]);
    model.end("e");
    await next;
  });
});
