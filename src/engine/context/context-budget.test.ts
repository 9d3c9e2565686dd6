import { describe, expect, test } from "vitest";
import { tokensForMessages, type ContextUse } from "./context-budget.ts";

const models = { estimateTokens: (text: string) => text.length };
const left = (use: Partial<ContextUse> & { context: number; answer?: number | null }): number | null =>
  tokensForMessages(models, {
    info: { contextTokens: use.context, maxOutputTokens: use.answer ?? null },
    settings: {},
    instructions: undefined,
    besides: "",
    ...use,
  });

describe("C7 what a context leaves for messages", () => {
  test("is everything but a tenth, the answer, the instructions and the tools", () => {
    expect(left({ context: 100_000, answer: 8_000 })).toBe(82_000);
    expect(left({ context: 100_000, answer: 8_000, instructions: "x".repeat(500), besides: "y".repeat(300) })).toBe(
      81_200,
    );
  });

  test("an answer takes what this call allows it, or else what the model can say, at most a quarter", () => {
    expect(left({ context: 100_000, answer: 64_000 })).toBe(65_000);
    expect(left({ context: 100_000, answer: 64_000, settings: { maxOutputTokens: 1_000 } })).toBe(89_000);
    expect(left({ context: 100_000, answer: 8_000, settings: { maxOutputTokens: 900_000 } })).toBe(65_000);
    expect(left({ context: 100_000 })).toBe(100_000 * 0.9 - 4_096);
  });

  test("is never less than nothing, and not limited where the context is not known", () => {
    expect(left({ context: 1_000, instructions: "x".repeat(5_000) })).toBe(0);
    expect(
      tokensForMessages(models, {
        info: { contextTokens: null, maxOutputTokens: 5 },
        settings: {},
        instructions: "x",
        besides: "",
      }),
    ).toBeNull();
  });
});
