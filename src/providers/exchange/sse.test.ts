import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSseParser } from "./sse.ts";

const parse = (pieces: readonly Buffer[], maxLength?: number): string[] => {
  const events: string[] = [];
  const parser = createSseParser((data) => events.push(data), maxLength === undefined ? {} : { maxLength });
  for (const piece of pieces) parser.push(piece);
  return events;
};

const split = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
};

/** The WHATWG algorithm, on the whole stream at once. */
const oracle = (bytes: Buffer): string[] => {
  const lines = new TextDecoder()
    .decode(bytes)
    .split(/\r\n|\n|\r/)
    .slice(0, -1);
  const events: string[] = [];
  let data: string[] = [];
  for (const line of lines) {
    if (line === "") {
      if (data.length > 0) events.push(data.join("\n"));
      data = [];
    }
    const [, field, value] = /^([^:]*)(?::( ?.*))?$/su.exec(line) ?? [];
    if (field === "data") data.push((value ?? "").replace(/^ /, ""));
  }
  return events;
};

const streamBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "data: ",
        "data:",
        "data",
        "data:  x",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        ": ping",
        "event: error",
        "id:1",
        "\ufeff",
        "é😀",
        "da",
        "x",
        "\0",
      ),
      fc.string({ unit: "grapheme", maxLength: 8 }),
      fc.uint8Array({ maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => Buffer.concat(pieces.map((piece) => Buffer.from(piece))));

describe("an event stream", () => {
  test("F24 gives the events of the specification, cut at any byte, whatever the bytes are", () => {
    fc.assert(
      fc.property(streamBytes, fc.array(fc.nat(300), { maxLength: 20 }), (bytes, cuts) => {
        expect(parse(split(bytes, cuts))).toEqual(oracle(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  test("F24 gives the same byte by byte", () => {
    const bytes = Buffer.from(
      '\ufeffdata: é😀\r\ndata:two\r\n\r\n: ping\n\ndata: {"a":1}\n\nevent: x\rdata: 3\r\rdata\n\ndata: never ended',
    );
    const bytewise = split(
      bytes,
      Array.from({ length: bytes.length }, (_, index) => index),
    );
    expect(parse(bytewise)).toEqual(["é😀\ntwo", '{"a":1}', "3", ""]);
    expect(parse([bytes])).toEqual(parse(bytewise));
  });

  test("S42 does not take U+2028 or NEL for the end of a line", () => {
    expect(parse([Buffer.from("data: a\u2028b\u0085c\n\n")])).toEqual(["a\u2028b\u0085c"]);
  });

  test("F24 refuses a line that is too long, in one piece or in many, also spread over data lines", () => {
    const long = Buffer.from(`data: ${"x".repeat(100)}\n\n`);
    const bytewise = Array.from(long, (byte) => Buffer.of(byte));
    const spread = Buffer.from(`data: ${"x".repeat(40)}\n`.repeat(3));
    for (const pieces of [[long], bytewise, [spread]]) expect(() => parse(pieces, 99)).toThrow(RangeError);
    expect(parse([long], 106)).toEqual(["x".repeat(100)]);
  });

  test("F24 reads a line of 8 MB in small pieces in less than a second", () => {
    const piece = Buffer.alloc(16_384, "x");
    const pieces = [Buffer.from("data: "), ...Array.from({ length: 512 }, () => piece), Buffer.from("\n\n")];
    const start = performance.now();
    expect(parse(pieces)[0]).toHaveLength(8_388_608);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
