import type { Usage } from "../../protocol/agent/model.ts";
import type { ProviderWire } from "./provider-wire.ts";
import type { RecordedStream } from "./recorded-streams.ts";

type Fields = Readonly<Record<string, unknown>>;

const frame = (type: string, fields: Fields = {}): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

const ping = frame("ping");

const start = (usage: Fields = {}): string =>
  frame("message_start", {
    message: {
      id: "msg_1",
      type: "message",
      role: "assistant",
      content: [],
      model: "claude-sonnet-4-6",
      stop_reason: null,
      stop_sequence: null,
      usage: {
        input_tokens: 12,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        output_tokens: 1,
        ...usage,
      },
    },
  });

const opened = (index: number, content_block: Fields): string => frame("content_block_start", { index, content_block });
const delta = (index: number, fields: Fields): string => frame("content_block_delta", { index, delta: fields });
const closed = (index: number): string => frame("content_block_stop", { index });

const textStart = (index: number): string => opened(index, { type: "text", text: "" });
const text = (index: number, content: string): string => delta(index, { type: "text_delta", text: content });
const wholeText = (index: number, ...deltas: string[]): string =>
  textStart(index) + deltas.map((content) => text(index, content)).join("") + closed(index);

const thinking = (index: number, ...deltas: string[]): string =>
  opened(index, { type: "thinking", thinking: "", signature: "" }) +
  deltas.map((thought) => delta(index, { type: "thinking_delta", thinking: thought })).join("") +
  delta(index, { type: "signature_delta", signature: `signed-${index}==` }) +
  closed(index);

const call = (index: number, id: string, name: string, ...inputs: string[]): string =>
  opened(index, { type: "tool_use", id, name, input: {} }) +
  inputs.map((partial_json) => delta(index, { type: "input_json_delta", partial_json })).join("") +
  closed(index);

const end = (stop_reason: string, usage: Fields = {}): string =>
  frame("message_delta", {
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 7, ...usage },
  }) + frame("message_stop");

const counted: Usage = { inputTokens: 12, outputTokens: 7 };

const streams: readonly RecordedStream[] = [
  {
    name: "text with multi-byte characters, and pings",
    bytes: start() + ping + wholeText(0, "Grüße", " 😀 ", '"quoted"\n', "\\", "日本語") + ping + end("end_turn"),
    answer: { said: [["text", 'Grüße 😀 "quoted"\n\\日本語']], end: "stop", usage: counted },
  },
  {
    name: "thoughts with signatures around texts, tokens of the cache, and thoughts that are hidden",
    bytes:
      start({ cache_creation_input_tokens: 5, cache_read_input_tokens: 8 }) +
      thinking(0, "Let me", " think.") +
      opened(1, { type: "redacted_thinking", data: "c2VjcmV0" }) +
      closed(1) +
      wholeText(2, "Yes") +
      thinking(3) +
      wholeText(4, "!") +
      end("end_turn", { output_tokens_details: { thinking_tokens: 3 } }),
    answer: {
      said: [
        ["reasoning", "Let me think."],
        ["reasoning", ""],
        ["text", "Yes"],
        ["reasoning", ""],
        ["text", "!"],
      ],
      metadata: [
        { anthropic: { signature: "signed-0==" } },
        { anthropic: { redactedData: "c2VjcmV0" } },
        { anthropic: { signature: "signed-3==" } },
      ],
      end: "stop",
      usage: { inputTokens: 25, outputTokens: 7, cacheReadTokens: 8, cacheWriteTokens: 5, reasoningTokens: 3 },
    },
  },
  {
    name: "text, then calls: input in pieces, none, no JSON, and whole from the start",
    bytes:
      start() +
      wholeText(0, "Looking.") +
      call(1, "toolu_1", "weather", "", '{"city"', ': "Köl', 'n"}') +
      call(2, "toolu_2", "currentTime") +
      call(3, "toolu_3", "add", '{"a": 1, ') +
      opened(4, { type: "tool_use", id: "toolu_4", name: "add", input: { a: 2 } }) +
      closed(4) +
      end("tool_use"),
    answer: {
      said: [["text", "Looking."]],
      calls: [
        ["weather", { city: "Köln" }],
        ["currentTime", {}],
        ["add", '{"a": 1, '],
        ["add", { a: 2 }],
      ],
      end: "tool-calls",
      usage: counted,
    },
  },
  {
    name: "an answer cut off by its length",
    bytes: start() + wholeText(0, "too lo") + end("max_tokens"),
    answer: { said: [["text", "too lo"]], end: "length", usage: counted },
  },
  {
    name: "a refusal",
    bytes: start() + wholeText(0, "I cannot") + end("refusal"),
    answer: { said: [["text", "I cannot"]], end: "content-filter", usage: counted },
  },
  {
    name: "a pause, and a stop sequence",
    bytes: start() + wholeText(0, "a") + end("pause_turn"),
    answer: { said: [["text", "a"]], end: "stop", usage: counted },
  },
  {
    name: "an emoji whose halves come in two deltas, a lone half, and NUL",
    bytes:
      start() +
      textStart(0) +
      [
        text(0, "a").replace('"a"', '"x \\ud83d"'),
        text(0, "a").replace('"a"', '"\\ude00 y\\u0000"'),
        text(0, "a").replace('"a"', '"\\ud83d"'),
      ].join("") +
      closed(0) +
      end("end_turn"),
    answer: { said: [["text", "x 😀 y\ufffd"]], end: "stop", usage: counted },
  },
  {
    name: "overloaded in the middle",
    bytes:
      start() +
      textStart(0) +
      text(0, "Hel") +
      frame("error", { error: { type: "overloaded_error", message: "Overloaded at http://internal" } }),
    answer: { said: [["text", "Hel"]], end: "provider_busy" },
  },
  {
    name: "no end",
    bytes: start() + textStart(0) + text(0, "Hel"),
    answer: { said: [["text", "Hel"]], end: "provider_failed" },
  },
  {
    name: "an event that is no JSON",
    bytes: `${start() + textStart(0) + text(0, "Hel")}data: {"type":"content_block_delta","index":0\n\n${end("end_turn")}`,
    answer: { said: [["text", "Hel"]], end: "provider_failed" },
  },
];

/** Anthropic's Messages. */
export const messagesWire: ProviderWire = {
  model: "anthropic/claude-sonnet-4-6",
  open: start() + textStart(0),
  text: (content) => text(0, content),
  close: closed(0) + end("end_turn"),
  streams,
};
