import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffLines, type LineChange } from "./line-diff.ts";

const text = fc.array(fc.constantFrom("a", "b", "c", "d", ""), { maxLength: 40 });

/** What the changes make of `from`; throws where they are out of order or leave out lines that differ. */
const apply = (from: readonly string[], to: readonly string[], changes: readonly LineChange[]): string[] => {
  let made: string[] = [];
  let at = 0;
  for (const { fromStart, fromEnd, toStart, toEnd } of changes) {
    if (fromStart < at) throw new Error("out of order");
    made = made.concat(from.slice(at, fromStart));
    if (made.length !== toStart) throw new Error("the places do not fit");
    made = made.concat(to.slice(toStart, toEnd));
    at = fromEnd;
  }
  return made.concat(from.slice(at));
};

const changed = (changes: readonly LineChange[]): number =>
  changes.reduce((sum, change) => sum + change.fromEnd - change.fromStart + change.toEnd - change.toStart, 0);

describe("where two texts differ", () => {
  test("the changes make the one of the other, whatever they are", () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        expect(apply(from, to, diffLines(from, to))).toEqual(to);
      }),
      { numRuns: 2_000 },
    );
  });

  test("between a text and itself nothing differs, and from nothing all does", () => {
    fc.assert(
      fc.property(text, (lines) => {
        expect(diffLines(lines, lines)).toEqual([]);
        expect(changed(diffLines([], lines))).toBe(lines.length);
        expect(changed(diffLines(lines, []))).toBe(lines.length);
      }),
    );
  });

  test("one line that is put in, taken out or changed is all that is told", () => {
    const lines = Array.from({ length: 5_000 }, (_, index) => `line ${index}`);
    expect(diffLines(lines, lines.toSpliced(2_500, 0, "new"))).toEqual([
      { fromStart: 2_500, fromEnd: 2_500, toStart: 2_500, toEnd: 2_501 },
    ]);
    expect(diffLines(lines, lines.toSpliced(10, 1))).toEqual([{ fromStart: 10, fromEnd: 11, toStart: 10, toEnd: 10 }]);
    expect(changed(diffLines(lines, lines.toSpliced(7, 1, "x").toSpliced(4_000, 1, "y")))).toBe(4);
    expect(changed(diffLines(["{", "}", "{", "}"], ["{", "}", "{", "x", "}"]))).toBe(1);
  });

  test("the worst that fits in an artifact is told of in time", () => {
    const one = Array.from({ length: 131_072 }, (_, index) => (index % 3 === 0 ? "a" : "b"));
    const other = Array.from({ length: 131_072 }, (_, index) => (index % 5 === 0 ? "b" : "a"));
    const apart = Array.from({ length: 20_000 }, (_, index) => `${index}`);
    expect(apply(one, other, diffLines(one, other))).toEqual(other);
    expect(changed(diffLines(apart, apart.toReversed()))).toBeGreaterThan(0);
  }, 20_000);
});
