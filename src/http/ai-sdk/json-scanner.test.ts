import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import { anyCuts, cutBytes } from "../../testing/cut-bytes.ts";
import { JsonScanner, type JsonListener } from "./json-scanner.ts";

/** What the scanner told, with the bytes it was told about. */
const scan = (pieces: readonly Uint8Array[]): { depth: number; bytes: string }[] => {
  const open: { depth: number; bytes: string }[] = [];
  const closed: { depth: number; bytes: string }[] = [];
  let piece: Uint8Array = new Uint8Array();
  let from = 0;
  const take = (until: number): void => {
    const bytes = Buffer.from(piece.subarray(from, until)).toString("latin1");
    for (const value of open) value.bytes += bytes;
    from = until;
  };
  const listener: JsonListener = {
    begin(depth, byte, at) {
      expect(piece[at]).toBe(byte);
      take(at);
      open.push({ depth, bytes: "" });
    },
    end(depth, at) {
      take(at);
      const value = open.pop();
      expect(value?.depth).toBe(depth);
      if (value !== undefined) closed.push(value);
    },
    key: () => {},
  };
  const scanner = new JsonScanner(listener);
  for (piece of pieces) {
    from = 0;
    scanner.push(piece);
    take(piece.length);
  }
  scanner.end();
  expect(open).toEqual([]);
  return closed;
};

const codeOf = (...pieces: readonly Uint8Array[]): string => {
  try {
    scan(pieces);
    return "taken";
  } catch (thrown) {
    if (thrown instanceof NatterError) return thrown.code;
    throw thrown;
  }
};

describe("JsonScanner", () => {
  test("takes what JSON.parse takes, and tells every value whole, however the bytes are split", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1), anyCuts, (made, space, cuts) => {
        const text = JSON.stringify(made, null, space);
        const values = scan(cutBytes(Buffer.from(text), cuts)).map(({ bytes }) =>
          Buffer.from(bytes, "latin1").toString(),
        );
        expect(values.at(-1)).toBe(text);
        const known: unknown[] = [];
        JSON.parse(text, (_key, value: unknown) => {
          known.push(value);
          return value;
        });
        expect(values.map((value) => JSON.parse(value) as unknown)).toEqual(known);
      }),
      { numRuns: 500 },
    );
  });

  test("refuses what JSON.parse refuses, however the bytes are split", () => {
    const piece = fc.constantFrom(
      ...'{ } [ ] " \\ : , 1 0 - + . e E a \\u00 \\ud8 true tru null nul false "a" "\\n" \\x \t \n'.split(" "),
      " ",
      "\u0001",
    );
    const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(text, anyCuts, (made, cuts) => {
        const isJson = (() => {
          try {
            JSON.parse(made);
            return true;
          } catch {
            return false;
          }
        })();
        expect(codeOf(...cutBytes(Buffer.from(made), cuts))).toBe(isJson ? "taken" : "invalid_json");
      }),
      { numRuns: 5_000 },
    );
  });

  test.each(["0", "-0", "10", "1.5", "-1e5", "1E+2", "1.0e-7", '"\\u00e4\\"\\\\"', " [ ] ", "{}", "null\n"])(
    "takes %s",
    (text) => {
      expect(codeOf(Buffer.from(text))).toBe("taken");
    },
  );

  test.each([
    "",
    " ",
    "01",
    "1.",
    ".5",
    "+1",
    "1e",
    "1e+",
    "--1",
    "nul",
    "nulll",
    "[1,]",
    "{,}",
    '{"a"}',
    '{"a":1,}',
    "[1}",
    "1 1",
    '"\\u12g4"',
    '"\t"',
    "\ufeff1",
  ])("refuses %s", (text) => {
    expect(codeOf(Buffer.from(text))).toBe("invalid_json");
  });

  test("S35 takes 64 levels and refuses more, at once", () => {
    const nested = (depth: number): Buffer => Buffer.from("[".repeat(depth) + "]".repeat(depth));
    expect(codeOf(nested(64))).toBe("taken");
    const began = performance.now();
    for (const depth of [65, 100, 1_000_000]) expect(codeOf(nested(depth))).toBe("invalid_json");
    expect(performance.now() - began).toBeLessThan(500);
  });

  test("tells keys decoded, and none for a long one", () => {
    const keys: (string | null)[] = [];
    const scanner = new JsonScanner({ begin: () => {}, end: () => {}, key: (_depth, name) => void keys.push(name) });
    for (const byte of Buffer.from(String.raw`{"a":1,"\u0069d":2,"":3,"${"k".repeat(1_000)}":4,"\"":5}`))
      scanner.push(Uint8Array.of(byte));
    scanner.end();
    expect(keys).toEqual(["a", "id", "", null, '"']);
  });
});
