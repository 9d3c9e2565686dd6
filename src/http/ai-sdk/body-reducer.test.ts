import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NatterError } from "../../foundation/errors.ts";
import { anyCuts, cutBytes } from "../../testing/cut-bytes.ts";
import { parseJsonBody } from "../request/json-body.ts";
import { BodyReducer } from "./body-reducer.ts";
import { SentenceError } from "./sentence-error.ts";

const limits = { outerBytes: 1_000, messageBytes: 5_000, bodyBytes: 100_000 };

const reduce = (pieces: readonly Uint8Array[], given = limits): Buffer => {
  const reducer = new BodyReducer(given);
  for (const piece of pieces) reducer.push(piece);
  return reducer.end();
};

const refusal = (body: string, given = limits): NatterError => {
  try {
    parseJsonBody(reduce([Buffer.from(body)], given));
  } catch (thrown) {
    if (thrown instanceof NatterError) return thrown;
    throw thrown;
  }
  throw new Error("it was taken");
};

interface History {
  readonly messages: readonly Record<string, unknown>[];
}

/** What should be left, said the slow way. */
const expected = (body: History): unknown => ({
  ...body,
  messages: body.messages.slice(-2).map((message, index, kept) => {
    if (index === kept.length - 1) return message;
    return Object.fromEntries(Object.entries(message).filter(([key]) => key === "id" || key === "role"));
  }),
});

const shuffled = (value: object, seed: number): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value)
      .map((entry, index) => [entry, (index * 7 + seed) % 5] as const)
      .toSorted(([, left], [, right]) => left - right)
      .map(([entry]) => entry),
  );

const noise = fc.jsonValue({ maxDepth: 4 }).filter((value) => !JSON.stringify(value).includes("__proto__"));
const nested = fc.record({ id: noise, role: noise, messages: fc.array(noise), parts: noise }, { requiredKeys: [] });
const message = fc
  .tuple(
    fc.record(
      {
        id: fc.string({ unit: "binary", maxLength: 20 }),
        role: fc.constantFrom("user", "assistant"),
        parts: fc.array(nested),
        metadata: noise,
      },
      { requiredKeys: ["id", "role"] },
    ),
    fc.nat(4),
  )
  .map(([made, seed]) => shuffled(made, seed));
const history = fc
  .tuple(
    fc.record(
      { id: fc.string(), trigger: noise, extra: nested, messages: fc.array(message, { maxLength: 6 }) },
      { requiredKeys: ["messages"] },
    ),
    fc.nat(4),
  )
  .map(([made, seed]) => shuffled(made, seed) as Record<string, unknown> & History);

describe("BodyReducer", () => {
  test("keeps the last message and the id and role of the one before, however the bytes are split", () => {
    fc.assert(
      fc.property(history, fc.constantFrom(undefined, 2), anyCuts, (body, space, cuts) => {
        const bytes = Buffer.from(JSON.stringify(body, null, space));
        const roomy = { outerBytes: 1e6, messageBytes: 1e6, bodyBytes: 1e6 };
        expect(JSON.parse(reduce(cutBytes(bytes, cuts), roomy).toString())).toEqual(
          expected(JSON.parse(bytes.toString()) as History),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("one byte at a time gives the same bytes", () => {
    const bytes = Buffer.from(
      JSON.stringify({
        id: "x",
        messages: [
          { role: "user", parts: [{ id: 1 }], id: "äöü" },
          { id: "b", n: [-1.5e3, '\\"'] },
        ],
        z: 0,
      }),
    );
    const whole = reduce([bytes]);
    expect(reduce(Array.from(bytes, (byte) => Uint8Array.of(byte))).toString()).toBe(whole.toString());
    expect(whole.toString()).toBe(
      '{"id":"x","messages":[{"role":"user","id":"äöü"},{"id":"b","n":[-1500,"\\\\\\""]}],"z":0}',
    );
  });

  test("a body without messages is kept byte by byte", () => {
    fc.assert(
      fc.property(noise, anyCuts, (value, cuts) => {
        const bytes = Buffer.from(JSON.stringify(value));
        if (bytes.length > limits.outerBytes) return;
        expect(reduce(cutBytes(bytes, cuts)).equals(bytes)).toBe(true);
      }),
    );
    for (const text of [
      '{"messages":{"id":[1]}}',
      '{"messages":"x"}',
      '[{"messages":[1,2,3]},[1,2,3]]',
      '{"a":{"messages":[1,2,3]}}',
    ])
      expect(reduce([Buffer.from(text)]).toString()).toBe(text);
  });

  const said = (bytes: number): string => JSON.stringify({ id: "m", role: "user", parts: "x".repeat(bytes) });

  test("a long message is only refused where it is the last", () => {
    const long = said(limits.messageBytes);
    expect(reduce([Buffer.from(`{"messages":[${long},${said(1)}]}`)]).toString()).toBe(
      `{"messages":[{"id":"m","role":"user"},${said(1)}]}`,
    );
    expect(refusal(`{"messages":[${said(1)},${long}]}`)).toBeInstanceOf(SentenceError);
    expect(refusal(`{"messages":[${long}]}`)).toMatchObject({ code: "too_large", status: 413 });
  });

  test("what stands beside the messages has a limit, before them and after them", () => {
    const filling = "x".repeat(limits.outerBytes);
    for (const body of [
      `{"a":"${filling}","messages":[${said(1)}]}`,
      `{"messages":[${said(1)}],"a":"${filling}"}`,
      `{"a":"${filling}"}`,
    ])
      expect(refusal(body)).toMatchObject({ code: "too_large" });
  });

  test("a body has a limit, and so has the number of its messages", () => {
    const many = (count: number): string => `{"messages":[${"{},".repeat(count)}${said(1)}]}`;
    expect(refusal(`{"messages":[${`${said(4_000)},`.repeat(25)}${said(1)}]}`)).toMatchObject({ code: "too_large" });
    const roomy = { ...limits, bodyBytes: 10_000_000 };
    expect(reduce([Buffer.from(many(99_999))], roomy).toString()).toBe(`{"messages":[{},${said(1)}]}`);
    expect(refusal(many(100_000), roomy)).toMatchObject({ code: "too_large" });
  });

  test("an id that no message could have is none", () => {
    const [long, object] = [`"${"x".repeat(1_000)}"`, `{"id":["x"]}`];
    for (const [id, kept] of [
      [long, '""'],
      [object, object],
    ] as const) {
      const bytes = reduce([Buffer.from(`{"messages":[{"id":${id},"role":"user"},${said(1)}]}`)]);
      expect(bytes.toString()).toBe(`{"messages":[{"id":${kept},"role":"user"},${said(1)}]}`);
    }
  });

  test.each([
    '{"messages":[],"messages":[]}',
    '{"messages":[{"id":"a","id":"b"},{}]}',
    String.raw`{"messages":[{"id":"a","\u0069d":"b"},{}]}`,
    '{"messages":[{"id":"a"},{"a":1,"a":2}]}',
  ])("S35 refuses %s: a key twice", (body) => {
    expect(refusal(body)).toMatchObject({ code: "invalid_json" });
  });

  test.each([
    ['{"messages":[{},{"__proto__":1}]}', "unprocessable"],
    [String.raw`{"messages":[{},{"a":"\ud800"}]}`, "unprocessable"],
    [String.raw`{"messages":[{"id":"\u0000"},{}]}`, "unprocessable"],
    ['{"messages":[{},{"a":1e400}]}', "unprocessable"],
    [`{"messages":[${"[".repeat(62)}${"]".repeat(62)},${"[".repeat(63)}`, "invalid_json"],
    ['{"messages":[{"a":nul},{}]}', "invalid_json"],
    ['{"messages":[{},{}', "invalid_json"],
  ])("S34 S35 S38 refuses %s", (body, code) => {
    const thrown = refusal(body);
    expect(thrown.code).toBe(code);
    expect(thrown).not.toBeInstanceOf(SentenceError);
  });

  test("a history of 120 MB is read within the memory of its last message", () => {
    const reducer = new BodyReducer({ outerBytes: 1e6, messageBytes: 16_777_216, bodyBytes: 134_217_728 });
    const image = Buffer.from(
      `{"parts":[{"type":"file","url":"data:image/png;base64,${"A".repeat(12_000_000)}"}],"id":"m","role":"user"},`,
    );
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    collect();
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    reducer.push(Buffer.from('{"id":"c","messages":['));
    for (let sent = 0; sent < 10; sent += 1) {
      for (let at = 0; at < image.length; at += 65_536) reducer.push(Buffer.from(image.subarray(at, at + 65_536)));
      collect();
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }
    reducer.push(Buffer.from('{"id":"n","role":"user","parts":[]}]}'));
    expect(reducer.end().toString()).toBe(
      '{"id":"c","messages":[{"id":"m","role":"user"},{"id":"n","role":"user","parts":[]}]}',
    );
    expect(peak).toBeLessThan(40_000_000);
  });
});
