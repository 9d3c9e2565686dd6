import { describe, expect, it } from "vitest";
import type { HighlightReply, HighlightRequest } from "./highlight-protocol.ts";
import { type ColouredLine, createHighlightSession } from "./highlight-session.ts";

type Sent = Omit<HighlightRequest, "id">;

const openSession = () => {
  const sent: Sent[] = [];
  let answer: (reply: HighlightReply) => void = () => {};
  let coloured: readonly ColouredLine[] = [];
  const session = createHighlightSession(
    (listener) => {
      answer = listener;
      return { send: (request) => sent.push(request), close: () => {} };
    },
    (lines) => {
      coloured = lines;
    },
  );
  const reply = (lines?: null): void => {
    const { from, lines: asked } = sent.at(-1)!;
    answer({ id: 1, from, lines: lines === null ? null : asked.map((line) => [line.length, 1]) });
  };
  return { session, sent, reply, texts: () => coloured.map(({ text }) => text) };
};

describe("createHighlightSession", () => {
  it("asks only for lines that are new or changed, one request at a time", () => {
    const { session, sent, reply, texts } = openSession();
    session.update({ language: "js", lines: ["a", "b"] });
    session.update({ language: "js", lines: ["a", "bc"] });
    session.update({ language: "js", lines: ["a", "bc", "d"] });
    expect(sent).toEqual([{ language: "js", from: 0, lines: ["a", "b"] }]);
    reply();
    expect(sent.at(-1)).toEqual({ language: "js", from: 1, lines: ["bc", "d"] });
    reply();
    expect(texts()).toEqual(["a", "bc", "d"]);
    expect(sent).toHaveLength(2);
  });

  it("sends long code in parts of 200 lines", () => {
    const { session, sent, reply } = openSession();
    session.update({ language: "js", lines: Array.from({ length: 450 }, (_, line) => `${line}`) });
    reply();
    reply();
    reply();
    expect(sent.map(({ from, lines }) => [from, lines.length])).toEqual([
      [0, 200],
      [200, 200],
      [400, 50],
    ]);
  });

  it("sends all again when the worker has forgotten the lines before", () => {
    const { session, sent, reply, texts } = openSession();
    session.update({ language: "js", lines: ["a"] });
    reply();
    session.update({ language: "js", lines: ["a", "b"] });
    reply(null);
    expect(sent.at(-1)).toEqual({ language: "js", from: 0, lines: ["a", "b"] });
    reply();
    expect(texts()).toEqual(["a", "b"]);
  });

  it("begins again when the name of the language becomes another", () => {
    const { session, sent, reply } = openSession();
    session.update({ language: "j", lines: ["a"] });
    reply();
    session.update({ language: "js", lines: ["a"] });
    expect(sent.at(-1)).toEqual({ language: "js", from: 0, lines: ["a"] });
  });
});
