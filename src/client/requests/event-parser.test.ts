import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventParser, type ServerEvent } from "./event-parser.ts";

const parse = (pieces: readonly string[]): ServerEvent[] => {
  const feed = createEventParser();
  return pieces.flatMap(feed);
};

test("fields, comments and lines without a colon are read as WHATWG HTML says", () => {
  expect(parse(["\uFEFF: hello\nid: 1\ndata: a\ndata:b\n\nretry: 20\n\ndata\n\nunknown: x\n\ndata: open"])).toEqual([
    { id: "1", data: "a\nb" },
    { retry: 20 },
    { data: "" },
  ]);
});

test("an id with NUL and a retry that is no number are left out", () => {
  expect(parse(["id: a\0b\nretry: soon\ndata: x\n\n"])).toEqual([{ data: "x" }]);
});

const lineEnd = fc.constantFrom("\n", "\r", "\r\n");
const line = fc.constantFrom("data: one", "data:two", "id: e.1", "id", ": ping", "retry: 7", "", "", "data: \u{1f600}");

test("any split of the text gives the same events, whatever ends its lines", () => {
  const text = fc
    .array(fc.tuple(line, lineEnd), { maxLength: 40 })
    .map((lines) => lines.map((pair) => pair.join("")).join(""));
  fc.assert(
    fc.property(text, fc.array(fc.nat(400), { maxLength: 20 }), (whole, cuts) => {
      const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
      const pieces = places.slice(1).map((end, index) => whole.slice(places[index], end));
      expect(parse(pieces)).toEqual(parse([whole]));
      // the same text with plain line ends says the same
      expect(parse([whole])).toEqual(parse([whole.replaceAll(/\r\n?/g, "\n")]));
    }),
    { numRuns: 500 },
  );
});
