import { expect, it } from "vitest";
import { FrameBudget } from "./frame-budget.ts";

it("gives a burst of 120 frames, then 30 a second; a frame of a megabyte counts as five", () => {
  let now = 0;
  const budget = new FrameBudget(() => now);
  const taken = (bytes = 10): number => {
    let count = 0;
    while (budget.take(bytes)) count += 1;
    return count;
  };
  expect(taken()).toBe(120);
  now = 1_100;
  // one more was asked for than there was
  expect(taken()).toBe(32);
  now = 60_000;
  expect(taken(1_048_576)).toBe(24);
});
