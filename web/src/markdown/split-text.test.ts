import fc from "fast-check";
import type { Token } from "marked";
import { describe, expect, it } from "vitest";
import { readBlocks } from "./lexer.ts";
import { emptyText, type SplitText, splitText } from "./split-text.ts";

const pieces = [
  "a|b c|text here|it's|é|🙂|\\|&amp;|https://e.com|x@y.zz|[^1]|'t'|\"|:|<x y|>|$5|$x$|$$|$$\n|\\(|\\)|\\[|\\]".split(
    "|",
  ),
  ["- ", "* ", "+ ", "1. ", "2) ", "> ", "# ", "## ", "- [ ] ", "- [x] t\n", "\n- a\n", "\n> q\n", "  - n\n", "   c\n"],
  ["\n", "\n", "\n", "\n\n", "\n\n", "\n\n", "\r\n", "\r", "  ", "  \n", "    ", "\t"],
  [
    "```",
    "```js\n",
    "\n```\n",
    "~~~",
    "`",
    "``",
    "**",
    "*",
    "_",
    "__",
    "~~",
    "[",
    "]",
    "(",
    ")",
    "![i](x)",
    "[l](http://e)",
  ],
  ["| a | b |\n", "| - | -: |\n", "|-|\n", "|", "---", "===", "===\n", "---\n", "***", "***\n", "# h\n"],
  ["[a]", "[A][a]", "[a]: http://e\n", '[b]: <x> "t', "[b]: y\n", "[b]", "[^1]: f\n"],
  ["<div>", "</div>\n", "<b>", "<!--", "-->", "<pre>", "</pre>", "<script>", "<?", "?>", "<!A", "<a href=x>"],
].flat();
const markdown = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((chosen) => chosen.join(""));
const stepSizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

const tokensOf = ({ frozen, open }: SplitText): string => shapeOf([...frozen, ...open]);

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

function* prefixes(text: string, sizes: readonly number[]): Generator<string> {
  for (let end = 0, step = 0; end < text.length; step += 1) {
    end += sizes[step % sizes.length] ?? 1;
    yield text.slice(0, end);
  }
}

describe("splitText", () => {
  it("N3: a text that came in steps of any size has the blocks of the whole text", () => {
    fc.assert(
      fc.property(markdown, stepSizes, (text, sizes) => {
        let split = emptyText;
        for (const prefix of prefixes(text, sizes)) split = splitText(split, prefix, true);
        expect(tokensOf(splitText(split, text, false))).toBe(wholeLex(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("N3: after each step it is what it would be had the text begun there", () => {
    fc.assert(
      fc.property(markdown, stepSizes, (text, sizes) => {
        let split = emptyText;
        for (const prefix of prefixes(text, sizes)) {
          split = splitText(split, prefix, true);
          expect(tokensOf(split)).toBe(tokensOf(splitText(emptyText, prefix, true)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("finished blocks stay the same objects while the text grows", () => {
    fc.assert(
      fc.property(markdown, stepSizes, (text, sizes) => {
        const source = text.replaceAll("[", "");
        let split = emptyText;
        for (const prefix of prefixes(source, sizes)) {
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

  it("begins again when the text did not merely grow", () => {
    const long = splitText(emptyText, "first\n\nsecond\n\nthird", true);
    expect(tokensOf(splitText(long, "other\n\nfirst", true))).toBe(wholeLex("other\n\nfirst"));
  });

  it("a link definition reaches the finished blocks that name it, and no others", () => {
    const before = splitText(emptyText, "plain\n\nsee [docs]\n\nmore\n\n", true);
    const after = splitText(before, `${before.text}[docs]: https://docs.example\n\nend`, true);
    expect(tokensOf(after)).toContain("https://docs.example");
    expect(after.frozen[0]).toBe(before.frozen[0]);
  });

  it("S38: names of Object.prototype are no link definitions", () => {
    expect(tokensOf(splitText(emptyText, "[constructor] [__proto__] [toString]", false))).not.toContain('"link"');
    splitText(emptyText, "[__proto__]: http://e\n\n[constructor]: http://f\n\n[__proto__]", false);
    expect(Reflect.get({}, "href")).toBe(undefined);
  });
});
