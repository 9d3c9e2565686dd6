import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "./pattern/compile-pattern.ts";
import { lookFor, TextScanner, type SoughtPattern } from "./text-scanner.ts";

const sought = (rule: string, pattern: string): SoughtPattern => ({
  rule,
  pattern: compilePattern(pattern),
  replacement: `[${rule}]`,
});

const all = [
  sought("card", String.raw`\b(?:\d[ -]?){12,18}\d\b`),
  sought("mail", String.raw`(?i)[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}`),
  sought("key", "sk-[A-Za-z0-9]{8,}"),
  sought("word", "(?i)forbidden (?:word|phrase)"),
];
const rules = lookFor(all);

const scan = (pieces: readonly string[]): { text: string; found: string[] } => {
  const scanner = new TextScanner(rules);
  const scanned = pieces.map((piece, index) => scanner.push(piece, index === pieces.length - 1));
  return {
    text: scanned.map(({ text }) => text).join(""),
    found: [...new Set(scanned.flatMap(({ found }) => [...found]))].toSorted(),
  };
};

const secret = fc.constantFrom(
  "4111 1111 1111 1111",
  "ann@example.test",
  "sk-abcdefgh12345678",
  "Forbidden word",
  "41111111111111112222",
);
const filler = fc.string({ unit: fc.constantFrom("a", " ", "1", "-", "@", ".", "s", "k", "😀", "\n"), maxLength: 12 });
const texts = fc.array(fc.oneof(secret, filler), { maxLength: 6 }).map((parts) => parts.join(""));

const cutAt = (text: string, cuts: readonly number[]): string[] => {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].toSorted((left, right) => left - right);
  return [0, ...places].map((start, index) => text.slice(start, places[index]));
};

describe("C4 a text that comes in pieces", () => {
  test("is judged as the whole is, wherever it is split", () => {
    fc.assert(
      fc.property(texts, fc.array(fc.nat(200), { maxLength: 8 }), (text, cuts) => {
        expect(scan(cutAt(text, cuts))).toEqual(scan([text]));
      }),
      { numRuns: 3_000 },
    );
  });

  test("shows nothing of what it finds, split at every single position", () => {
    const text = "mail ann@example.test or pay 4111 1111 1111 1111, by sk-abcdefgh12345678!";
    for (let cut = 0; cut <= text.length; cut += 1)
      expect(scan([text.slice(0, cut), text.slice(cut)]).text).toBe("mail [mail] or pay [card], by [key]!");
    expect(scan(text.split("")).text).toBe("mail [mail] or pay [card], by [key]!");
  });

  test("is held back only while it may become a match", () => {
    const scanner = new TextScanner(lookFor([sought("word", "forbidden word")]));
    expect(scanner.push("I have f").text).toBe("I have ");
    expect(scanner.push("ound it").text).toBe("found it");
    expect(scanner.push(" forbidden wor").text).toBe(" ");
    expect(scanner.push("ld").text).toBe("forbidden world");
    expect(scanner.push(", forbidden word", true).text).toBe(", [word]");
  });

  test("S40 a megabyte takes no longer than a few tests of each pattern, piece by piece", () => {
    const scanner = new TextScanner(lookFor([...all, sought("evil", "(?:a+)+b")]));
    const start = performance.now();
    let longest = 0;
    for (let piece = 0; piece < 32; piece += 1) {
      const before = performance.now();
      scanner.push("a".repeat(32_768));
      longest = Math.max(longest, performance.now() - before);
    }
    scanner.push("!", true);
    expect({ isFast: performance.now() - start < 2_000, isShort: longest < 500 }).toEqual({
      isFast: true,
      isShort: true,
    });
  });
});
