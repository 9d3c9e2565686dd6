import { describe, expect, test } from "vitest";
import { createPriceOf } from "./prices.ts";

const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 400, cacheWriteTokens: 100 };

describe("a price", () => {
  test("N6 of the operator is in dollars per million, which makes whole micro-dollars, rounded up", () => {
    const priceOf = createPriceOf({
      "compatible/a": { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
      "compatible/b": { input: 0.1, output: 0.2 },
    });
    expect(priceOf("compatible/a", usage)).toEqual({
      costMicros: 500 * 3 + 400 * 0.3 + 100 * 3.75 + 100 * 15,
      price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 },
    });
    expect(priceOf("compatible/b", { inputTokens: 3, outputTokens: 0 })?.costMicros).toBe(1);
    expect(priceOf("compatible/b", { inputTokens: 30, outputTokens: 0 })?.costMicros).toBe(3);
  });

  test("N6 that is published counts cached tokens at their own rate", () => {
    const priceOf = createPriceOf({});
    const cost = priceOf("openai/gpt-5-mini", { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 400 });
    expect(cost).toMatchObject({
      costMicros: 360,
      price: { source: "genai-prices", perMillion: { input_mtok: 0.25, output_mtok: 2 } },
    });
    expect(JSON.parse(JSON.stringify(cost))).toEqual(cost);
  });

  test("that is published knows tiers, and survives more cached tokens than tokens", () => {
    const priceOf = createPriceOf({});
    const cost = (inputTokens: number) =>
      priceOf("google/gemini-2.5-pro", { inputTokens, outputTokens: 0 })?.costMicros;
    expect([cost(100_000), cost(300_000)]).toEqual([125_000, 750_000]);
    expect(priceOf("openai/gpt-5-mini", { inputTokens: 10, outputTokens: 0, cacheReadTokens: 20 })?.costMicros).toBe(1);
  });

  test("that nobody told is null, also for a server that only sounds like a known one", () => {
    const priceOf = createPriceOf({});
    for (const id of ["compatible/gpt-4o", "my-openai/gpt-4o", "openai/no-such-model", "nonsense", ""])
      expect(priceOf(id, usage)).toBe(null);
  });

  test("of the operator wins over a published one, and the demo model is free", () => {
    const priceOf = createPriceOf({ "openai/gpt-5-mini": { input: 1, output: 1 } });
    expect(priceOf("openai/gpt-5-mini", { inputTokens: 5, outputTokens: 5 })?.costMicros).toBe(10);
    expect(priceOf("natter/demo", usage)?.costMicros).toBe(0);
  });
});
