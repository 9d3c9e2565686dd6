import { parsePartialJson as oracle } from "ai";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePartialJson } from "./partial-json.ts";

test("every beginning of a JSON text says what AI SDK reads in it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc
        .jsonValue({ maxDepth: 4, noUnicodeString: false })
        .filter((value) => !/__proto__|e\+/.test(JSON.stringify(value))),
      fc.constantFrom(undefined, 2),
      async (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        for (let end = 0; end <= text.length; end += 1) {
          const beginning = text.slice(0, end);
          expect([beginning, parsePartialJson(beginning)]).toEqual([beginning, (await oracle(beginning)).value]);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test.each([
  ['{"city": "Lis', { city: "Lis" }],
  ['{"city": "a\\', { city: "a" }],
  ['{"city": "a\\u00', { city: "a" }],
  ['{"city": "a\\u00e9', { city: "aé" }],
  ['{"a": [1, {"b": tr', { a: [1, { b: true }] }],
  ['{"a": 1, "b', { a: 1 }],
  ['{"a": -', {}],
  ['{"a": 12.', { a: 12 }],
  ["", undefined],
  ["no JSON", undefined],
])("%j is read as %j", (text, value) => expect(parsePartialJson(text)).toEqual(value));

test("a long input that comes in small pieces is read in time that grows with its length", () => {
  const text = `{"code": "${"x".repeat(200_000)}`;
  const begin = performance.now();
  for (let count = 0; count < 20; count += 1) parsePartialJson(text);
  expect(performance.now() - begin).toBeLessThan(2_000);
});
