import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./compile-pattern.ts";
import { parsePattern } from "./parse-pattern.ts";
import { sourceOf } from "./pattern-tree.ts";

const letter = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "\\d", "c", "\\x61", "\\Qb\\E");
const pattern: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    letter,
    fc.tuple(tie("any"), tie("any")).map(([left, right]) => left + right),
    fc.tuple(tie("any"), tie("any")).map(([left, right]) => `(?:${left}|${right})`),
    fc
      .tuple(tie("any"), fc.constantFrom("?", "*", "+", "{2}", "{1,3}", "{2,}", "*?"))
      .map(([item, times]) => `(${item})${times}`),
    tie("any").map((item) => `(?i:${item})`),
    tie("any").map((item) => `\\b${item}`),
  ),
})).any;
const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "A", "1", " "), maxLength: 12 });

const compiled = (source: string) => {
  try {
    return compilePattern(source);
  } catch {
    return null;
  }
};

describe("what a match may begin with", () => {
  test("is found for every prefix of every match, so that nothing that may become one is let go", () => {
    fc.assert(
      fc.property(pattern, text, (source, whole) => {
        const found = compiled(source);
        fc.pre(found !== null);
        for (const { start, end } of found.findAll(whole, 0)) {
          for (let cut = start + 1; cut <= end; cut += 1)
            expect(found.findBegun(whole.slice(0, cut), 0)).toBeLessThanOrEqual(start);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test("is nothing where no match can begin", () => {
    const key = compilePattern("sk-[a-z]{20}");
    expect(key.findBegun("this is said and done.", 0)).toBe(22);
    expect(key.findBegun("a risk", 0)).toBe(4);
    expect(key.findBegun("a risk ", 0)).toBe(7);
  });

  test.each([
    String.raw`\b(?:\d[ -]?){13,19}\b`,
    String.raw`(?i)[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}`,
    "-----BEGIN [A-Z ]*PRIVATE KEY-----",
    String.raw`[]a^]+|[^\]]x|[[:alpha:]-]\p{Greek}\pL\Qa.b\E+`,
    String.raw`(?P<year>\d{4})-(?<month>\d\d){1,}?|\x{1F600}x{|a{,2}`,
  ])("%s is read as what it says", (source) => {
    const tree = parsePattern(source);
    expect(tree).not.toBeNull();
    expect(() => compilePattern(tree === null ? "(" : sourceOf(tree))).not.toThrow();
  });
});

describe("S40 patterns", () => {
  test.each([
    [String.raw`(a)\1`, "RE2"],
    ["(?=a)b", "RE2"],
    ["(?<!a)b", "RE2"],
    ["(", "RE2"],
    ["a{1001}", "RE2"],
    ["a*", "nothing"],
  ])("%s is refused at start, and told why", (source, why) => {
    expect(() => compilePattern(source)).toThrow(why);
    expect(() => compilePattern(source)).toThrow(JSON.stringify(source));
  });

  test("one that makes others backtrack takes time linear in the text", () => {
    const evil = compilePattern(String.raw`(a+)+$`);
    const start = performance.now();
    expect(evil.test(`${"a".repeat(1_000_000)}!`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1_000);
  });

  test("those of JavaScript keep their flags", () => {
    expect(compilePattern(/secret/i).test("SECRET")).toBe(true);
    expect(compilePattern(/^b/m).test("a\nb")).toBe(true);
  });
});
