import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTexts } from "./compare.ts";

const lines = (...numbers: readonly number[]): string => numbers.map((number) => `line ${number}`).join("\n");
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("C8 a change is shown with three lines around it, and where it stands", () => {
  const before = lines(...range(1, 40));
  const { hunks, added, removed } = compareTexts(before, before.replace("line 20", "another").concat("\nthe end"));
  expect({ added, removed }).toEqual({ added: 2, removed: 1 });
  expect(hunks.map(({ fromLine, toLine, lines: shown }) => [fromLine, toLine, shown.length])).toEqual([
    [17, 17, 8],
    [38, 38, 4],
  ]);
  expect(hunks[0]?.lines.slice(3, 5)).toEqual([
    { type: "removed", text: "line 20" },
    { type: "added", text: "another" },
  ]);
});

test("C8 changes that are near to each other are shown as one", () => {
  const before = lines(...range(1, 40));
  const after = before.replace("line 10\n", "").replace("line 17", "another");
  expect(compareTexts(before, after).hunks).toHaveLength(1);
  expect(compareTexts(before, before)).toEqual({ added: 0, removed: 0, hunks: [] });
});

test("C8 what is shown of both versions is what stands in them", () => {
  const text = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 60 }).map((all) => all.join("\n"));
  fc.assert(
    fc.property(text, text, (before, after) => {
      for (const { fromLine, toLine, lines: shown } of compareTexts(before, after).hunks) {
        const older = shown.filter(({ type }) => type !== "added").map((line) => line.text);
        const newer = shown.filter(({ type }) => type !== "removed").map((line) => line.text);
        expect(before.split("\n").slice(fromLine - 1, fromLine - 1 + older.length)).toEqual(older);
        expect(after.split("\n").slice(toLine - 1, toLine - 1 + newer.length)).toEqual(newer);
      }
    }),
  );
});
