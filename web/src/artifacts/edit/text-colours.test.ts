import fc from "fast-check";
import { expect, test } from "vitest";
import type { HighlightReply, HighlightRequest } from "../../markdown/highlight/highlight-protocol.ts";
import { createTextColours } from "./text-colours.ts";

type Sent = Omit<HighlightRequest, "id">;

/** Colours a line by how many braces were opened until then, and knows only the lines that it was sent in order. */
const braceCounts = (lines: readonly string[]): number[] => {
  let open = 0;
  return lines.map((line) => (open += line.split("{").length - 1));
};

const openColours = () => {
  const requests: Sent[] = [];
  const seen: string[] = [];
  let listener: (reply: HighlightReply) => void = () => undefined;
  const colours = createTextColours(
    "js",
    (heard) => {
      listener = heard;
      return { send: (request) => requests.push(request), close: () => undefined };
    },
    () => undefined,
  );
  const reply = (): void => {
    const request = requests.shift();
    if (request === undefined) return;
    seen.splice(request.from, seen.length, ...request.lines);
    const pairs = braceCounts(seen).slice(request.from);
    listener({
      id: 1,
      from: request.from,
      lines: request.lines.map((line, index) => [line.length, pairs[index] ?? 0]),
    });
  };
  const settle = (): void => {
    while (requests.length > 0) reply();
  };
  return { colours, requests, reply, settle, forget: () => listener({ id: 1, from: 0, lines: null }) };
};

const line = fc.constantFrom("a", "{", "b {", "", "}");
const edit = fc.record({
  at: fc.nat(30),
  removed: fc.nat(4),
  added: fc.array(line, { maxLength: 4 }),
  replies: fc.nat(2),
});

test("C8 after any edits, answered late or at once, each line has the colours that follow from all before it", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.array(edit, { maxLength: 8 }), (first, edits) => {
      const { colours, reply, settle } = openColours();
      let lines = first;
      colours.update(lines, 40);
      for (const { at, removed, added, replies } of edits) {
        lines = lines.toSpliced(at, removed, ...added);
        colours.update(lines, 40);
        for (let count = 0; count < replies; count += 1) reply();
      }
      settle();
      const counts = braceCounts(lines);
      expect(lines.map((_, index) => colours.at(index))).toEqual(
        lines.map((text, index) => ({ text, pairs: [text.length, counts[index]] })),
      );
      expect(colours.at(lines.length)).toBeUndefined();
    }),
  );
});

test("C8 colours are asked for from what changed on, up to what is wanted, 200 lines at a time", () => {
  const { colours, requests, reply, settle } = openColours();
  const lines = Array.from({ length: 1_000 }, (_, index) => `line ${index}`);
  const asked = (): number[][] => requests.map((request) => [request.from, request.lines.length]);
  colours.update(lines, 250);
  expect(asked()).toEqual([[0, 200]]);
  reply();
  expect(asked()).toEqual([[200, 50]]);
  reply();
  expect(asked()).toEqual([]);
  colours.update(lines.with(240, "other"), 250);
  expect(asked()).toEqual([[240, 10]]);
  settle();
  colours.update(lines.with(240, "other"), 300);
  expect(asked()).toEqual([[250, 50]]);
});

test("C8 lines that move keep their colours until they are known anew; what the worker forgot is asked for again", () => {
  const { colours, requests, settle, forget } = openColours();
  colours.update(["a", "b {", "c"], 10);
  settle();
  colours.update(["a", "new", "b {", "c"], 10);
  expect(colours.at(2)).toEqual({ text: "b {", pairs: [3, 1] });
  requests.length = 0;
  forget();
  expect(requests).toEqual([{ language: "js", from: 0, lines: ["a", "new", "b {", "c"] }]);
});
