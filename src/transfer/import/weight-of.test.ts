import fc from "fast-check";
import { expect, test } from "vitest";
import { weightOf } from "./weight-of.ts";

test("a value weighs no less than it has characters as JSON, and so does each of very many that have few", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: fc.constantFrom("a", "ä", "日") }), (value) => {
      expect(weightOf(value)).toBeGreaterThanOrEqual(JSON.stringify(value).length);
    }),
  );
  expect(weightOf(Array.from({ length: 1_000 }, () => []))).toBeGreaterThan(50_000);
});

test("S35 a value of 200,000 levels is weighed", () => {
  let deep: unknown = [];
  for (let level = 1; level < 200_000; level += 1) deep = level % 2 === 0 ? [deep] : { "": deep };
  expect(weightOf(deep)).toBeGreaterThan(600_000);
});
