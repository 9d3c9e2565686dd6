import type { Completion } from "natter/client";
import { expect, test } from "vitest";
import { totalOf } from "./used-so-far.tsx";

const completion = (tokens: number | null, costMicros: number | null): Completion =>
  ({ usage: tokens === null ? null : { inputTokens: tokens, outputTokens: 1 }, costMicros }) as Completion;

test("C8 what a conversation used is added up, and what has no price is told apart from what is free", () => {
  expect(totalOf([completion(10, 5), completion(20, null), completion(null, null), completion(3, 0)])).toEqual({
    answers: 3,
    tokens: 36,
    costMicros: 5,
    unpriced: 1,
  });
});
