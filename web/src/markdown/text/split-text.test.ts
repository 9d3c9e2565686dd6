import fc from "fast-check";
import type { Token } from "marked";
import { beforeAll, describe, expect, it } from "vitest";
import { sampleAnswer, tokensOf } from "../../../../bench/web/sample-answers.ts";
import { arbitraryMarkdown, arbitrarySteps, prefixesOf } from "../../../../tests/web/hostile/arbitrary-markdown.ts";
import { canComplete } from "./complete-text.ts";
import { readBlocks } from "./lexer.ts";
import { emptyText, type SplitText, splitText } from "./split-text.ts";

const shownBy = ({ frozen, open }: SplitText): string => shapeOf([...frozen, ...open]);

// The newlines between two blocks belong to the one or the other, depending on where the text was cut.
const shapeOf = (tokens: readonly Token[]): string =>
  JSON.stringify(
    tokens.filter((token) => token.type !== "space"),
    (key, value: unknown) => (key === "raw" && typeof value === "string" ? value.trimEnd() : value),
  );

const wholeLex = (text: string): string => {
  const blocks = readBlocks(text.replaceAll(/\r\n?/g, "\n"));
  return shapeOf(blocks.finish(blocks.links));
};

describe("splitText", () => {
  beforeAll(() => canComplete);

  it("N3: a text that came in steps of any size has the blocks of the whole text", () => {
    fc.assert(
      fc.property(arbitraryMarkdown, arbitrarySteps, (text, sizes) => {
        let split = emptyText;
        for (const prefix of prefixesOf(text, sizes)) split = splitText(split, prefix, true);
        expect(shownBy(splitText(split, text, false))).toBe(wholeLex(text));
      }),
      { numRuns: 4_000 },
    );
  });

  it("N3: after each step it is what it would be had the text begun there", () => {
    fc.assert(
      fc.property(arbitraryMarkdown, arbitrarySteps, (text, sizes) => {
        let split = emptyText;
        for (const prefix of prefixesOf(text, sizes)) {
          split = splitText(split, prefix, true);
          expect(shownBy(split)).toBe(shownBy(splitText(emptyText, prefix, true)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("finished blocks stay the same objects while the text grows", () => {
    fc.assert(
      fc.property(arbitraryMarkdown, arbitrarySteps, (text, sizes) => {
        const source = text.replaceAll("[", "");
        let split = emptyText;
        for (const prefix of prefixesOf(source, sizes)) {
          const next = splitText(split, prefix, true);
          expect(split.frozen.every((token, index) => token === next.frozen[index])).toBe(true);
          split = next;
        }
      }),
      { numRuns: 500 },
    );
  });

  it("freezes what is before the last block of an ordinary answer", () => {
    const answer = "# Title\nFirst.\n\n- one\n- two\n\n```js\n1\n```\nSecond, and\n";
    const { frozen, open } = splitText(emptyText, answer, true);
    expect(frozen.filter(({ type }) => type !== "space").map(({ type }) => type)).toEqual([
      "heading",
      "paragraph",
      "list",
      "code",
    ]);
    expect(open.map(({ type }) => type)).toEqual(["paragraph"]);
  });

  it("reads only the end of a long answer again, whatever its length", () => {
    const paragraph = `${"word ".repeat(60)}\n\n`;
    let split = emptyText;
    for (let count = 1; count <= 200; count += 1) {
      split = splitText(split, paragraph.repeat(count), true);
      expect(split.text.length - split.parsed).toBeLessThanOrEqual(2 * paragraph.length);
    }
  });

  it("makes no more than a few new tokens for each token of an answer, whatever is before", () => {
    const tokens = tokensOf(sampleAnswer(7, 16_000));
    let split = emptyText;
    let most = 0;
    let text = "";
    for (const token of tokens) {
      text += token;
      const next = splitText(split, text, true);
      const known = new Set([...split.frozen, ...split.open]);
      most = Math.max(most, [...next.frozen, ...next.open].filter((block) => !known.has(block)).length);
      split = next;
    }
    expect(split.frozen.length).toBeGreaterThan(40);
    expect(most).toBeLessThanOrEqual(4);
  });

  it("a link definition whose title goes on past a heading is none of what it looked like", () => {
    const text = '[a]: <x> "t\n===\n> q\n"';
    let split = emptyText;
    for (const prefix of prefixesOf(text, [1])) split = splitText(split, prefix, true);
    expect(shownBy(splitText(split, text, false))).toBe(wholeLex(text));
  });

  it("begins again when the text did not merely grow", () => {
    const long = splitText(emptyText, "first\n\nsecond\n\nthird", true);
    expect(shownBy(splitText(long, "other\n\nfirst", true))).toBe(wholeLex("other\n\nfirst"));
  });

  it("a link definition reaches the finished blocks that name it, and no others", () => {
    const before = splitText(emptyText, "plain\n\nsee [docs]\n\nmore\n\n", true);
    const after = splitText(before, `${before.text}[docs]: https://docs.example\n\nend`, true);
    expect(shownBy(after)).toContain("https://docs.example");
    expect(after.frozen[0]).toBe(before.frozen[0]);
  });

  it("S38: names of Object.prototype are no link definitions", () => {
    expect(shownBy(splitText(emptyText, "[constructor] [__proto__] [toString]", false))).not.toContain('"link"');
    splitText(emptyText, "[__proto__]: http://e\n\n[constructor]: http://f\n\n[__proto__]", false);
    expect(Reflect.get({}, "href")).toBe(undefined);
  });
});
