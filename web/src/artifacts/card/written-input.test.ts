import fc from "fast-check";
import { expect, test } from "vitest";
import { countLines, lastLines, readWrittenInput } from "./written-input.ts";

test("C8 what an agent writes is read as far as it has come, whatever that is", () => {
  expect(readWrittenInput(undefined)).toEqual({ kind: "document", title: null, text: "" });
  expect(readWrittenInput({ kind: "co" })).toEqual({ kind: "document", title: null, text: "" });
  expect(readWrittenInput({ kind: "code", title: "Sum", content: "1 +" })).toEqual({
    kind: "code",
    title: "Sum",
    text: "1 +",
  });
  expect(
    readWrittenInput({ artifactId: "a", edits: [{ find: "x", replaceWith: "y" }, { find: "z" }, null] }).text,
  ).toBe("y\n\n");
  fc.assert(fc.property(fc.anything(), (input) => typeof readWrittenInput(input).text === "string"));
});

test("C8 lines are counted as people do, and the last ones are shown", () => {
  expect(["", "a", "a\n", "a\nb", "\n"].map(countLines)).toEqual([0, 1, 1, 2, 1]);
  expect(lastLines("a\nb\nc", 2)).toBe("b\nc");
  expect(lastLines("x".repeat(100_000), 2).length).toBeLessThanOrEqual(2_000);
});
