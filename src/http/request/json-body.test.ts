import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import { canonicalJson } from "../../foundation/canonical-json.ts";
import { parseJsonBody } from "./json-body.ts";

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

const codeOf = (text: string | Uint8Array): string => {
  try {
    parseJsonBody(typeof text === "string" ? Buffer.from(text) : text);
    return "taken";
  } catch (thrown) {
    if (thrown instanceof NatterError) return thrown.code;
    throw thrown;
  }
};

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("parseJsonBody", () => {
  test("S35 takes 64 levels and refuses more, however many, at once", () => {
    expect(codeOf(nested(64))).toBe("taken");
    const began = performance.now();
    for (const depth of [65, 100, 10_000, 100_000]) expect(codeOf(nested(depth))).toBe("invalid_json");
    expect(codeOf(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`)).toBe("invalid_json");
    expect(performance.now() - began).toBeLessThan(500);
  });

  test("S35 refuses a million keys and a million items before it builds them", () => {
    const keys = `{${Array.from({ length: 1_000_000 }, (_item, index) => `"k${index}":1`).join(",")}}`;
    expect(codeOf(keys)).toBe("invalid_json");
    expect(codeOf(`[${"1,".repeat(1_000_000)}1]`)).toBe("invalid_json");
  });

  test.each(["1e400", "-1e400", "9007199254740993", "-9007199254740993", "123456789012345678901234567890", "1e20"])(
    "S35 refuses the number %s, which would change",
    (number) => {
      expect(codeOf(`{"a":${number}}`)).toBe("unprocessable");
    },
  );

  test.each(["9007199254740991", "0.1", "-0.5", "1e3", "-0"])("takes the number %s", (number) => {
    expect(codeOf(`{"a":[${number}]}`)).toBe("taken");
  });

  test.each([
    "NaN",
    '{"a":NaN}',
    "Infinity",
    "undefined",
    "{a:1}",
    "{'a':1}",
    '{"a":1,}',
    "[1,]",
    "",
    " ",
    '"',
    '{"a":"',
    "\u00001",
    "// c\n1",
  ])("refuses %j, which is no JSON", (text) => {
    expect(codeOf(text)).toBe("invalid_json");
  });

  test("S35 refuses a byte order mark and bytes that are no UTF-8", () => {
    expect(codeOf("\ufeff{}")).toBe("invalid_json");
    expect(codeOf(Buffer.from([0x22, 0xff, 0x22]))).toBe("invalid_json");
    expect(codeOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe("invalid_json");
  });

  test.each(['{"a":1,"a":2}', '{"a":{"b":1,"b":1}}', String.raw`{"a":1,"\u0061":2}`, '[{"a":1},{"a":1,"b":2,"a":3}]'])(
    "S35 refuses %s: a key twice",
    (text) => {
      expect(codeOf(text)).toBe("invalid_json");
    },
  );

  test.each([
    String.raw`{"a":"\u0000"}`,
    String.raw`{"\u0000":1}`,
    String.raw`["\ud800"]`,
    String.raw`["\udc00x"]`,
    String.raw`{"\ud800":1}`,
  ])("S34 refuses %s: PostgreSQL could not store it", (text) => {
    expect(codeOf(text)).toBe("unprocessable");
  });

  test.each(['{"__proto__":{"polluted":1}}', String.raw`{"\u005f_proto__":{"polluted":1}}`, '{"a":[{"__proto__":1}]}'])(
    "S38 refuses %s",
    (text) => {
      expect(codeOf(text)).toBe("unprocessable");
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    },
  );

  test("S38 takes constructor, prototype and toString as the plain keys that they are", () => {
    const value = parse('{"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":2}');
    expect(Object.keys(value as object)).toEqual(["constructor", "toString", "hasOwnProperty"]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("what it takes is what JSON.parse says, whatever the strings hold", () => {
    const key = fc.string().filter((text) => text !== "__proto__" && text.isWellFormed() && !text.includes("\0"));
    const text = fc.string({ unit: "binary" }).filter((value) => value.isWellFormed() && !value.includes("\0"));
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 5 }, text, fc.integer(), fc.boolean(), fc.constant(null), tie("list"), tie("object")),
      list: fc.array(tie("value"), { maxLength: 5 }),
      object: fc.dictionary(key, tie("value"), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (made, space) => {
        const written = JSON.stringify(made, null, space);
        expect(parse(written)).toEqual(JSON.parse(written));
      }),
    );
  });

  test("never throws anything but a problem, whatever the bytes are", () => {
    const codes = ["taken", "invalid_json", "unprocessable"];
    const check = (bytes: string | Uint8Array): void => {
      expect(codes).toContain(codeOf(bytes));
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), check));
    const piece = fc.constantFrom("{", "}", "[", "]", '"', "\\", ":", ",", "1", "a", "\\u0000", " ");
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => check(pieces.join(""))));
  });
});

describe("canonicalJson", () => {
  test("is the same for the same value in any order of keys, and another for another", () => {
    expect(canonicalJson(JSON.parse('{"b":[1,{"d":null,"c":"x"}],"a":true}'))).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const [one, other] = [JSON.parse(JSON.stringify(left)), JSON.parse(JSON.stringify(right))] as unknown[];
        expect(JSON.parse(canonicalJson(one))).toEqual(one);
        expect(canonicalJson(one) === canonicalJson(other)).toBe(isDeepStrictEqual(one, other));
      }),
    );
  });
});
