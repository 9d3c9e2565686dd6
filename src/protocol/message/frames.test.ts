import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tellableAnswer } from "../../testing/providers/arbitrary-answer.ts";
import { testRuns } from "../../testing/test-runs.ts";
import type { Chunk } from "./chunk.ts";
import { formatFrame, formatPosition, mergeDeltas, parseFrames, parsePosition } from "./frames.ts";

const nasty = [
  "\u2028",
  "\u2029",
  "\n",
  "\r\n",
  "\n\n",
  "data: {}\n\nid: x.1\n",
  "😀",
  "\ud83d",
  "\0",
  "漢字",
  "</script>",
  "",
];
const delta = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...nasty));
const epoch = fc.stringMatching(/^[A-Za-z0-9]{1,32}$/);

/** What an EventSource makes of the bytes: ids, and data lines joined. */
const readAsBrowser = (text: string): { id: string; data: string }[] => {
  const events: { id: string; data: string }[] = [];
  let [id, data]: [string, string[]] = ["", []];
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === "" && data.length > 0) events.push({ id, data: data.join("\n") });
    if (line === "") data = [];
    if (line.startsWith("id: ")) id = line.slice("id: ".length);
    if (line.startsWith("data: ")) data.push(line.slice("data: ".length));
  }
  return events;
};

describe("B8 frames", () => {
  it("are read back as they were written, whatever the text holds, by us and by a browser", () => {
    fc.assert(
      fc.property(tellableAnswer, fc.array(delta, { maxLength: 6 }), epoch, ({ chunks }, deltas, name) => {
        const told: Chunk[] = [
          ...chunks,
          ...deltas.map((each): Chunk => ({ type: "text-delta", id: "a", delta: each })),
        ];
        const frames = told.map((chunk, index) => ({ id: formatPosition(name, index + 1), chunk }));
        const text = frames.map(formatFrame).join("");
        const plain = JSON.parse(JSON.stringify(frames));
        expect(parseFrames(Buffer.from(text))).toEqual(plain);
        const events = readAsBrowser(text);
        expect(events.map(({ id, data }) => ({ id, chunk: JSON.parse(data) }))).toEqual(plain);
        expect(text.match(/\n/g)).toHaveLength(3 * frames.length);
      }),
      { numRuns: testRuns(300) },
    );
  });

  it("without an id is one data line", () => {
    const chunk: Chunk = { type: "text-delta", id: "a", delta: "x\ny" };
    expect(formatFrame({ chunk })).toBe(`data: ${JSON.stringify(chunk)}\n\n`);
  });

  it("have ids that are read back, and what is none is told", () => {
    fc.assert(
      fc.property(epoch, fc.integer({ min: 0, max: 999_999_999_999_999 }), (name, position) => {
        expect(parsePosition(formatPosition(name, position))).toEqual({ epoch: name, position });
      }),
      { numRuns: testRuns(100) },
    );
    for (const id of [
      "",
      "a",
      "a.",
      ".1",
      "a.1.2",
      "a.-1",
      "a.1e3",
      "a b.1",
      "a.1\n",
      "a.1x",
      `a.${"1".repeat(16)}`,
      `${"a".repeat(33)}.1`,
    ])
      expect([id, parsePosition(id)]).toEqual([id, null]);
  });
});

describe("merging deltas", () => {
  const chunks: Chunk[] = [
    { type: "text-delta", id: "a", delta: "x" },
    { type: "text-delta", id: "b", delta: "x" },
    { type: "text-delta", id: "a", delta: "x", providerMetadata: { p: {} } },
    { type: "reasoning-delta", id: "a", delta: "x" },
    { type: "tool-input-delta", toolCallId: "a", inputTextDelta: "x" },
    { type: "tool-input-delta", toolCallId: "b", inputTextDelta: "x" },
    { type: "text-start", id: "a" },
    { type: "text-end", id: "a" },
    { type: "start-step" },
    { type: "data-x", id: "a", data: 1 },
  ];

  it("joins two of one block or call without metadata, and nothing else", () => {
    const joined = chunks.flatMap((before, row) =>
      chunks.flatMap((after, column) => (mergeDeltas(before, after) === null ? [] : [[row, column]])),
    );
    expect(joined).toEqual([
      [0, 0],
      [1, 1],
      [3, 3],
      [4, 4],
      [5, 5],
    ]);
    expect(mergeDeltas(chunks[0]!, { type: "text-delta", id: "a", delta: "y" })).toEqual({
      type: "text-delta",
      id: "a",
      delta: "xy",
    });
  });
});
