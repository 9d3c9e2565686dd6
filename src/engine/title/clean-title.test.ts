import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanTitle } from "./clean-title.ts";

describe("what a model says, as a title", () => {
  test.each([
    ["Weather in Lisbon", "Weather in Lisbon"],
    ['"Weather in Lisbon."', "Weather in Lisbon"],
    ["**Title: Weather in Lisbon**", "Weather in Lisbon"],
    ["Title: “Wetter in Lissabon”\n\nI hope this helps!", "Wetter in Lissabon"],
    ["\n\n# 里斯本的天气。\n", "里斯本的天气"],
    ["- Plan for a trip", "Plan for a trip"],
    ["<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"],
    ["\u202Ereversed\u0000", "reversed"],
    ["What next...", "What next..."],
    ['""', ""],
    [" \n ", ""],
  ])("%j becomes %j", (said, title) => expect(cleanTitle(said)).toBe(title));

  test("it is one line of at most 60 characters, cut at a word where there is one", () => {
    const title = cleanTitle("a rather long title about nothing in particular that goes on and on and on");
    expect(title).toBe("a rather long title about nothing in particular that goes…");
    expect(Array.from(cleanTitle("ü".repeat(100)))).toHaveLength(60);
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (said) => {
        const cleaned = cleanTitle(said);
        expect(Array.from(cleaned).length).toBeLessThanOrEqual(60);
        expect(cleaned).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(cleaned.isWellFormed()).toBe(true);
      }),
    );
  });
});
