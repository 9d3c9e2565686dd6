import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFrame } from "./frame.ts";
import { learnTemplate, matchTemplate } from "./template.ts";

const chunk = (content: string, more: object = {}): string =>
  JSON.stringify({ id: "c-1", choices: [{ index: 0, delta: { content }, finish_reason: null }], ...more });

/** What a parser of whole frames finds: the text, or null when it finds anything else. */
const oracle = (data: string): string | null => {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return null;
  }
  const { said, toolCalls, isRefusal, finish, usage, error } = readFrame(value);
  const isOther = said.some(({ type }) => type !== "text") || toolCalls.length > 0 || isRefusal;
  return isOther || finish !== undefined || usage !== undefined || error !== undefined
    ? null
    : said.map(({ delta }) => delta).join("");
};

const frames = fc.oneof(
  fc
    .record({ content: fc.string({ unit: "binary" }), usage: fc.constantFrom(undefined, null) })
    .map(({ content, usage }) => chunk(content, { usage })),
  fc.constantFrom(
    '{"choices": [{"delta": {"role": "assistant", "content": "x", "reasoning_content": null}, "finish_reason": null}]}',
    '{"x":"\\"content\\":\\"no\\"","choices":[{"delta":{"content":"yes"}}]}',
    '{"choices":[{"delta":{"content":"one","content":"two"}}]}',
    '{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}',
    '{"choices":[{"message":{"content":"whole"},"finish_reason":null}]}',
    chunk("a", { content: "decoy" }),
  ),
);

const nasty = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    'a","tool_calls":[{"function":{"name":"evil"}}],"x":"b',
    "\\",
    '\\"',
    "\\u0041",
    "\\ud83d",
    "\n",
    "\t",
    '"',
    '","finish_reason":"stop',
    "\u007f",
  ),
);

describe("a template", () => {
  const match = (frame: string, data: string): string | null => {
    const template = learnTemplate(frame);
    return template === null ? null : matchTemplate(template, data);
  };

  test("finds behind its head either nothing, or exactly what parsing the whole frame finds", () => {
    fc.assert(
      fc.property(frames, nasty, fc.boolean(), (frame, inner, isQuoted) => {
        const template = learnTemplate(frame);
        const data = `${template?.head}${isQuoted ? `"${inner}"` : inner}${template?.tail}`;
        expect([null, oracle(data)]).toContain(match(frame, data));
      }),
      { numRuns: 5000 },
    );
  });

  test("finds in a frame that was changed anywhere either nothing, or exactly what parsing the whole frame finds", () => {
    const edit = fc.record({
      at: fc.nat(200),
      remove: fc.nat(12),
      insert: fc.constantFrom("", "x", '"', "}", '"stop"', "null", "\\", '"f":[{}]'),
    });
    fc.assert(
      fc.property(frames, edit, (frame, { at, remove, insert }) => {
        const start = at % frame.length;
        const data = frame.slice(0, start) + insert + frame.slice(start + remove);
        expect([null, oracle(data)]).toContain(match(frame, data));
      }),
      { numRuns: 20_000 },
    );
  });

  test("finds the text of every frame that differs from the learned one in its content only", () => {
    const template = learnTemplate(chunk("first"));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (content) => {
        expect(template === null ? null : matchTemplate(template, chunk(content))).toBe(content);
      }),
      { numRuns: 2000 },
    );
  });

  test("is not learned from a frame that says anything else", () => {
    for (const frame of [
      '{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}',
      '{"choices":[{"delta":{"content":"a","reasoning":"b"}}]}',
      '{"choices":[{"delta":{"content":"a","tool_calls":[{"function":{"name":"f"}}]}}]}',
      '{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}',
      '{"choices":[],"content":"a"}',
      '{"error":{"content":"a"}}',
      '{"choices":[{"delta":{"content":"a"}}]',
      '{"choices":[{"delta":{"content":null}}]}',
    ]) {
      expect(learnTemplate(frame)).toBe(null);
    }
  });
});
