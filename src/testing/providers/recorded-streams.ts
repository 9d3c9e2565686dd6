import type { ErrorCode } from "../../foundation/errors.ts";
import type { FinishReason } from "../../protocol/message/chunk.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import { deltaFrame, doneFrame, textFrame, toolCallFrames, usageFrame } from "./scripted-frames.ts";

/** What a driver must make of a stream. */
export interface Answer {
  readonly said: readonly (readonly ["text" | "reasoning", string])[];
  readonly calls?: readonly (readonly [tool: string, input: unknown])[];
  /** What blocks and calls carry back to the provider; compared when it is here. */
  readonly metadata?: readonly unknown[];
  readonly end: FinishReason | ErrorCode;
  readonly usage?: Usage;
}

export interface RecordedStream {
  readonly name: string;
  readonly bytes: string;
  readonly answer: Answer;
}

const usage = { prompt_tokens: 12, completion_tokens: 7, total_tokens: 19 };
const counted: Usage = { inputTokens: 12, outputTokens: 7 };
const stop = deltaFrame({}, "stop");
const close = stop + usageFrame(usage) + doneFrame;
const role = deltaFrame({ role: "assistant", content: "", refusal: null });
const toolEnd = deltaFrame({}, "tool_calls") + usageFrame(usage) + doneFrame;
const toolDelta = (call: object): string => deltaFrame({ tool_calls: [call] });

const texts: readonly RecordedStream[] = [
  {
    name: "text with multi-byte characters, and usage after the finish",
    bytes: role + ["Grüße", " 😀 ", '"quoted"\n', "\\", "日本語"].map(textFrame).join("") + close,
    answer: { said: [["text", 'Grüße 😀 "quoted"\n\\日本語']], end: "stop", usage: counted },
  },
  {
    name: "reasoning_content before the text, with reasoning and cached tokens",
    bytes:
      deltaFrame({ role: "assistant", content: null, reasoning_content: "Let me" }) +
      deltaFrame({ content: null, reasoning_content: " think." }) +
      deltaFrame({ content: "Yes", reasoning_content: null }) +
      stop +
      usageFrame({
        ...usage,
        prompt_tokens_details: { cached_tokens: 8 },
        completion_tokens_details: { reasoning_tokens: 3 },
      }) +
      doneFrame,
    answer: {
      said: [
        ["reasoning", "Let me think."],
        ["text", "Yes"],
      ],
      end: "stop",
      usage: { ...counted, cacheReadTokens: 8, reasoningTokens: 3 },
    },
  },
  {
    name: "reasoning as `reasoning`, that comes back between two texts",
    bytes: deltaFrame({ reasoning: "a" }) + textFrame("b") + deltaFrame({ reasoning: "c" }) + textFrame("d") + close,
    answer: {
      said: [
        ["reasoning", "a"],
        ["text", "b"],
        ["reasoning", "c"],
        ["text", "d"],
      ],
      end: "stop",
      usage: counted,
    },
  },
  {
    name: "content as parts, with thinking",
    bytes:
      deltaFrame({ content: [{ type: "thinking", thinking: [{ type: "text", text: "hm" }] }] }) +
      deltaFrame({ content: [{ type: "text", text: "ok" }] }) +
      textFrame("!") +
      close,
    answer: {
      said: [
        ["reasoning", "hm"],
        ["text", "ok!"],
      ],
      end: "stop",
      usage: counted,
    },
  },
  {
    name: "CRLF, CR, comments, other fields, no space after the colon, and JSON over two data lines",
    bytes:
      `: ping\r\n\r\nevent: message\r\nid: 7\r\nretry: 10\r\n${textFrame("one").replaceAll("\n", "\r\n")}` +
      textFrame(" two").replaceAll("\n", "\r").replace("data: ", "data:") +
      textFrame(" three").replace('"choices"', '\ndata: "choices"') +
      close,
    answer: { said: [["text", "one two three"]], end: "stop", usage: counted },
  },
  {
    name: "an emoji whose halves come in two frames, a lone half, and NUL",
    bytes:
      [
        textFrame("a").replace('"a"', '"x \\ud83d"'),
        textFrame("a").replace('"a"', '"\\ude00 y\\u0000"'),
        textFrame("a").replace('"a"', '"\\ud83d"'),
      ].join("") + close,
    answer: { said: [["text", "x 😀 y\ufffd"]], end: "stop", usage: counted },
  },
  {
    name: "a refusal",
    bytes: deltaFrame({ refusal: "I cannot" }) + deltaFrame({ refusal: " do that." }) + close,
    answer: { said: [["text", "I cannot do that."]], end: "content-filter", usage: counted },
  },
  {
    name: "an answer cut off by its length, without usage and without [DONE]",
    bytes: textFrame("too lo") + deltaFrame({}, "length"),
    answer: { said: [["text", "too lo"]], end: "length" },
  },
  {
    name: "a content filter, and a finish reason that nobody knows",
    bytes: textFrame("a") + deltaFrame({}, "content_filter") + doneFrame,
    answer: { said: [["text", "a"]], end: "content-filter" },
  },
  { name: "nothing but its end", bytes: role + deltaFrame({}, "eos") + doneFrame, answer: { said: [], end: "other" } },
];

const toolCalls: readonly RecordedStream[] = [
  {
    name: "text, then two parallel calls whose arguments are interleaved",
    bytes:
      textFrame("Looking.") +
      toolDelta({ index: 0, id: "call_a", type: "function", function: { name: "weather", arguments: "" } }) +
      toolDelta({ index: 1, id: "call_b", type: "function", function: { name: "add", arguments: '{"a"' } }) +
      toolDelta({ index: 0, function: { arguments: '{"city":"K' } }) +
      toolDelta({ index: 1, function: { arguments: ":2}" } }) +
      toolDelta({ index: 0, function: { arguments: 'öln"}' } }) +
      toolEnd,
    answer: {
      said: [["text", "Looking."]],
      calls: [
        ["weather", { city: "Köln" }],
        ["add", { a: 2 }],
      ],
      end: "tool-calls",
      usage: counted,
    },
  },
  {
    name: "a call without arguments, and one whose arguments are no JSON",
    bytes:
      toolCallFrames(0, { id: "call_a", name: "currentTime", arguments: "" }).join("") +
      toolCallFrames(1, { id: "call_b", name: "add", arguments: '{"a": 1, ' }).join("") +
      toolEnd,
    answer: {
      said: [],
      calls: [
        ["currentTime", {}],
        ["add", '{"a": 1, '],
      ],
      end: "tool-calls",
      usage: counted,
    },
  },
  {
    name: "a call whose name comes after its first arguments",
    bytes:
      toolDelta({ index: 0, id: "call_a", function: { arguments: '{"a"' } }) +
      toolDelta({ index: 0, function: { name: "add", arguments: ":1" } }) +
      toolDelta({ index: 0, function: { name: "", arguments: "}" } }) +
      toolEnd,
    answer: { said: [], calls: [["add", { a: 1 }]], end: "tool-calls", usage: counted },
  },
  {
    name: "whole calls that all have the index 0, and that end as `stop`",
    bytes:
      toolDelta({ index: 0, id: "call_a", function: { name: "add", arguments: '{"a":1}' } }) +
      toolDelta({ index: 0, id: "call_b", function: { name: "add", arguments: '{"a":2}' } }) +
      close,
    answer: {
      said: [],
      calls: [
        ["add", { a: 1 }],
        ["add", { a: 2 }],
      ],
      end: "stop",
      usage: counted,
    },
  },
  {
    name: "whole calls without index and id, and parallel calls that share one id",
    bytes:
      toolDelta({ function: { name: "one", arguments: '{"a":1}' } }) +
      toolDelta({ function: { name: "two", arguments: '{"a":2}' } }) +
      toolDelta({ index: 2, id: "same", function: { name: "add", arguments: '{"a":3}' } }) +
      toolDelta({ index: 3, id: "same", function: { name: "add", arguments: '{"a":4}' } }) +
      toolEnd,
    answer: {
      said: [],
      calls: [
        ["one", { a: 1 }],
        ["two", { a: 2 }],
        ["add", { a: 3 }],
        ["add", { a: 4 }],
      ],
      end: "tool-calls",
      usage: counted,
    },
  },
  {
    name: "arguments with an emoji in two halves, a __proto__ key and a lone surrogate",
    bytes:
      toolDelta({ index: 0, id: "call_a", function: { name: "say", arguments: '{"__proto__":{"x":1},"a":"\ud83d' } }) +
      toolDelta({ index: 0, function: { arguments: '\ude00 \\ud83d"}' } }) +
      toolEnd,
    answer: { said: [], calls: [["say", { a: "😀 \ufffd" }]], end: "tool-calls", usage: counted },
  },
];

const failures: readonly RecordedStream[] = [
  {
    name: "an error object in the middle",
    bytes: `${textFrame("Hel")}data: ${JSON.stringify({ error: { message: "secret sk-1 at http://internal", type: "server_error", code: "rate_limit_exceeded" } })}\n\n`,
    answer: { said: [["text", "Hel"]], end: "provider_busy" },
  },
  {
    name: "no finish reason and no [DONE]",
    bytes: textFrame("Hel"),
    answer: { said: [["text", "Hel"]], end: "provider_failed" },
  },
  {
    name: "a frame that is no JSON",
    bytes: `${textFrame("Hel")}data: {"choices":[{"delta":{"content":"lo"}}\n\n${close}`,
    answer: { said: [["text", "Hel"]], end: "provider_failed" },
  },
];

/** Streams in the dialects that servers speak, with what every driver makes of them, however their bytes are cut. */
export const recordedStreams: readonly RecordedStream[] = [...texts, ...toolCalls, ...failures];
