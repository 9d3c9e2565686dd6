import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createStallTimer, type StallTimer } from "./stall-timer.ts";

const reasoning = "openai/gpt-5";
const quick = "openai/gpt-4o";

describe("F24 a provider that falls silent", () => {
  let stalls: number[];
  let timer: StallTimer;

  beforeEach(() => {
    vi.useFakeTimers();
    stalls = [];
  });
  afterEach(() => {
    timer.stop();
    vi.useRealTimers();
  });

  const start = (model: string): ReturnType<StallTimer["listen"]> => {
    timer = createStallTimer(model, 30);
    timer.start((seconds) => stalls.push(seconds));
    return timer.listen(() => {});
  };
  const pass = (seconds: number): void => void vi.advanceTimersByTime(seconds * 1000);

  test("is given up after 30 s without a byte, once", () => {
    start(quick);
    pass(29);
    expect(stalls).toEqual([]);
    pass(100);
    expect(stalls).toEqual([30]);
  });

  test("is not, while anything comes within each 30 s", () => {
    start(quick);
    for (let times = 0; times < 10; times += 1) {
      pass(29);
      timer.heard();
    }
    expect(stalls).toEqual([]);
    pass(31);
    expect(stalls).toEqual([30]);
  });

  test("may think for 300 s before it answers, if its model is known to reason, also between thoughts", () => {
    const sink = start(reasoning);
    pass(299);
    timer.heard();
    sink([{ type: "reasoning", id: "r", delta: "hm" }]);
    pass(299);
    expect(stalls).toEqual([]);
    pass(2);
    expect(stalls).toEqual([300]);
  });

  test.each([
    ["openai/gpt-5-pro", 300],
    ["azure/o3-production", 300],
    ["ollama/deepseek-r1:14b", 300],
    ["compatible/kimi-k2-thinking", 300],
    ["compatible/llama-3.3", 30],
    ["ollama/r1chy", 30],
  ])("is told by its name alone whether it reasons: %s has %d s to begin", (model, patience) => {
    start(model);
    pass(1_000);
    expect(stalls).toEqual([patience]);
  });

  test("has 30 s again from the first word of its answer, or its first call", () => {
    for (const event of [
      { type: "text", id: "t", delta: "so" } as const,
      { type: "tool-input", callId: "c", tool: "add", delta: "{" } as const,
    ]) {
      stalls = [];
      const sink = start(reasoning);
      pass(200);
      timer.heard();
      sink([event]);
      pass(29);
      expect(stalls).toEqual([]);
      pass(2);
      expect(stalls).toEqual([30]);
    }
  });

  test("is not watched any more once it is over", () => {
    const sink = start(reasoning);
    timer.stop();
    sink([{ type: "text", id: "t", delta: "late" }]);
    pass(1_000);
    expect(stalls).toEqual([]);
  });
});
