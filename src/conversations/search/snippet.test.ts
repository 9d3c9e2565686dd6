import fc from "fast-check";
import { expect, test } from "vitest";
import { shownWords } from "./search-terms.ts";
import { snippetOf } from "./snippet.ts";
import { testRuns } from "../../testing/test-runs.ts";

const shownOf = (text: string, q: string): string => {
  const { text: shown, isCutBefore, isCutAfter } = snippetOf(text, shownWords(q));
  return `${isCutBefore ? "…" : ""}${shown}${isCutAfter ? "…" : ""}`;
};

test("N10 a snippet is a short text whole, with its blanks made one", () => {
  expect(shownOf("  a \n\n walrus\tsings ", "walrus")).toBe("a walrus sings");
  expect(shownOf("nothing of it", "walrus")).toBe("nothing of it");
});

test("N10 a snippet shows a word that stands far in a long text, with what stands around it", () => {
  const long = `${"before ".repeat(9_000)}walrus${" after".repeat(9_000)}`;
  const { text, matches, isCutBefore, isCutAfter } = snippetOf(long, shownWords("walr"));
  expect(matches.map(({ start, end }) => text.slice(start, end))).toEqual(["walr"]);
  expect([isCutBefore, isCutAfter, text.length]).toEqual([true, true, 200]);
  expect(text).toMatch(/before walrus after/);
});

test("N10 a snippet marks words where they begin, and parts of scripts without blanks anywhere", () => {
  const { text, matches } = snippetOf("rewal walrus 私は日本語を", shownWords("wal 本語"));
  expect(matches.map(({ start, end }) => [start, text.slice(start, end)])).toEqual([
    [6, "wal"],
    [16, "本語"],
  ]);
});

test("N10 a snippet never cuts a character in two, and is part of its text, whatever that is", () => {
  const texts = fc.string({ unit: fc.constantFrom("𠮷", "a", " ", "🦩", "\n", "word"), maxLength: 900 });
  fc.assert(
    fc.property(texts, fc.constantFrom("word", "𠮷", "🦩", "a"), (text, q) => {
      const { text: shown, matches } = snippetOf(text, shownWords(q));
      expect(shown.isWellFormed()).toBe(true);
      expect(text.replaceAll(/\s+/gu, " ")).toContain(shown);
      for (const { start, end } of matches) expect(shown.slice(start, end)).toBe(q);
    }),
    { numRuns: testRuns(200) },
  );
});
