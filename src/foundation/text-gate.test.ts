import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NatterError } from "./errors.ts";
import { createDeltaGate, gateJson, gateText, isStorable, rejectText } from "./text-gate.ts";

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\0", "\ud83d", "\ude00", "😀", "a", "é"),
    fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  ),
  maxLength: 40,
});

const split = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, index) => text.slice(at[index], end));
};

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (thrown) {
    return thrown instanceof NatterError ? thrown.code : `not a NatterError: ${String(thrown)}`;
  }
  return "nothing thrown";
};

describe("a text", () => {
  test("S34 loses NUL and gets U+FFFD for half a pair, and is otherwise the same", () => {
    expect(gateText("a\0b\ud83dc\ude00 😀\n\u2028")).toBe("ab\ufffdc\ufffd 😀\n\u2028");
  });

  test("is storable after the gate, whatever it was, and unchanged when it already was", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(isStorable(gateText(text))).toBe(true);
        expect(gateText(text) === text).toBe(isStorable(text));
      }),
    );
  });

  test("a NUL between two halves does not make them a pair", () => {
    expect(gateText("\ud83d\0\ude00")).toBe("\ufffd\ufffd");
  });

  test("S34 from a client is refused with 422 rather than repaired", () => {
    expect(rejectText("fine 😀")).toBe("fine 😀");
    for (const text of ["\0", "a\ud83d", "\ude00"])
      expect(codeOf(() => rejectText(text, "The title"))).toBe("unprocessable");
  });
});

describe("a text in pieces", () => {
  test("any split gives the same as gating the whole", () => {
    fc.assert(
      fc.property(anyText, fc.array(fc.nat(60), { maxLength: 12 }), (text, cuts) => {
        const gate = createDeltaGate();
        const pieces = split(text, cuts).map((delta) => gate.push(delta));
        expect(pieces.join("") + gate.end()).toBe(gateText(text));
        for (const piece of pieces) expect(isStorable(piece)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("an emoji cut in two arrives whole, and half of one at the end is told as U+FFFD", () => {
    const gate = createDeltaGate();
    expect([gate.push("hi \ud83d"), gate.push("\ude00"), gate.push("\ud83d"), gate.end(), gate.end()]).toEqual([
      "hi ",
      "😀",
      "",
      "\ufffd",
      "",
    ]);
  });
});

describe("a value", () => {
  test("that is JSON comes out equal, texts and keys gated", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value), (key, member) =>
          key === "__proto__" ? undefined : member,
        );
        expect(gateJson(value)).toEqual(plain);
      }),
    );
    expect(gateJson({ "k\0\ud83d": ["v\0\ude00", 1, true, null] })).toEqual({ "k\ufffd": ["v\ufffd", 1, true, null] });
  });

  test("is read as JSON.stringify reads it", () => {
    const day = new Date(0);
    expect(
      gateJson({ day, nothing: undefined, run: () => 1, list: [undefined, Symbol("s")], url: new URL("http://a.b/") }),
    ).toEqual({
      day: "1970-01-01T00:00:00.000Z",
      list: [null, null],
      url: "http://a.b/",
    });
    expect(gateJson(undefined)).toBe(null);
    expect(gateJson(Array.from({ length: 2 }))).toEqual([null, null]);
  });

  test("S38 with a __proto__ key changes no prototype", () => {
    const gated = gateJson(JSON.parse('{"__proto__":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}}}}'));
    expect(Object.keys(gated ?? {})).toEqual(["a"]);
    expect("polluted" in {}).toBe(false);
    expect(Object.getPrototypeOf(gated)).toBe(Object.prototype);
  });

  test("S35 that is deeper than 64 levels is refused, at 64 it passes", () => {
    const nest = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    expect(gateJson(nest(64))).toEqual(nest(64));
    for (const levels of [65, 7000]) expect(codeOf(() => gateJson(nest(levels)))).toBe("unprocessable");
  });

  test("F25 that is cyclic, not finite, a bigint, bytes or throws when read is refused", () => {
    const cyclic: Record<string, unknown> = {};
    cyclic["self"] = [cyclic];
    const throwing = Object.defineProperty({}, "x", { enumerable: true, get: () => JSON.parse("{") });
    const endless = { toJSON: () => endless };
    for (const value of [
      cyclic,
      { n: Number.NaN },
      [Infinity],
      1n,
      Buffer.alloc(3),
      new Uint8Array(3),
      throwing,
      endless,
    ]) {
      expect(codeOf(() => gateJson(value))).toBe("unprocessable");
    }
  });

  test("F25 above its size is refused before it is copied whole, also when small parts are shared many times", () => {
    expect(codeOf(() => gateJson("x".repeat(1_048_576)))).toBe("too_large");
    expect(codeOf(() => gateJson("é".repeat(60), { maxBytes: 100 }))).toBe("too_large");
    expect(gateJson("x".repeat(98), { maxBytes: 100 })).toHaveLength(98);
    expect(codeOf(() => gateJson(Object.assign([], { length: 2 ** 32 - 1 })))).toBe("too_large");
    let shared: unknown = [];
    for (let level = 0; level < 40; level += 1) shared = [shared, shared];
    expect(codeOf(() => gateJson(shared))).toBe("too_large");
  });
});
