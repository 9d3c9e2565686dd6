import fc from "fast-check";
import { expect, test } from "vitest";
import { z } from "zod";
import { cellsOf, columnsOf, toCsvLine } from "./csv.ts";

test("S23 quotes, line breaks and formulas in a name stay text of one cell", () => {
  const name = '=HYPERLINK("http://evil.example","a, b")\nnext';
  expect(toCsvLine([name, -1, null, true])).toBe(`"'=HYPERLINK(""http://evil.example"",""a, b"")\nnext",-1,,true\r\n`);
  for (const begin of ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
    expect(toCsvLine([`${begin}1`])).toMatch(/^"?'/);
});

/** Reads one line as RFC 4180 says it. */
const readLine = (line: string): string[] =>
  [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n)/g)].map(
    ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? "",
  );

test("whatever a text is, it is read back as one cell, the same but for what makes it no formula", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 5 }), (texts) => {
      expect(readLine(toCsvLine(texts)).map((cell) => cell.replace(/^'/, ""))).toEqual(
        texts.map((text) => text.replace(/^'/, "")),
      );
    }),
  );
});

test("columns are the members of a schema, those of objects in it one by one, and lists as JSON", () => {
  const schema = z.object({
    id: z.string(),
    costMicros: z.int(),
    error: z.object({ code: z.string(), message: z.string().nullable() }).nullable(),
    details: z.record(z.string(), z.unknown()),
  });
  const columns = columnsOf(schema);
  expect(columns.map(({ name }) => name)).toEqual(["id", "cost_micros", "error_code", "error_message", "details"]);
  expect(cellsOf(columns, { id: "a", costMicros: 0, error: null, details: { b: 1 } })).toEqual([
    "a",
    0,
    null,
    null,
    '{"b":1}',
  ]);
});
