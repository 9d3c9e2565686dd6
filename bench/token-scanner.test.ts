import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenText } from "./answer-plan.ts";
import { createTokenScanner } from "./token-scanner.ts";

const scan = (pieces: readonly string[]): number[] => {
  const tokens: number[] = [];
  const read = createTokenScanner((token) => tokens.push(token));
  for (const piece of pieces) read(Buffer.from(piece));
  return tokens;
};

test("any split of the bytes gives the same tokens", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 })), (cuts) => {
      const text = `data: {"delta":"${tokenText(98, 103)}"}\n\n`;
      const bounds = [
        0,
        ...cuts.filter((cut) => cut < text.length).toSorted((left, right) => left - right),
        text.length,
      ];
      const pieces = bounds.slice(1).map((bound, index) => text.slice(bounds[index], bound));
      expect(scan(pieces)).toEqual([98, 99, 100, 101, 102]);
    }),
  );
});

test("a doubled token is told twice, and what only looks like one is not told", () => {
  expect(scan(["@1;@1;"])).toEqual([1, 1]);
  expect(scan(["@;@x;@@7;@12", "x;"])).toEqual([7]);
});
