import type { Usage } from "../../protocol/agent/model.ts";
import type { ProviderWire } from "./provider-wire.ts";

type Fields = Readonly<Record<string, unknown>>;

const frame = (type: string, fields: Fields): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, ...fields })}\n\n`;

const response = { id: "resp_1", object: "response", created_at: 1_700_000_000, model: "gpt-5-pro" };
const start = frame("response.created", { response });
const message = { type: "message", id: "msg_1", role: "assistant", status: "in_progress", content: [] };

const added = (output_index: number, item: Fields): string =>
  frame("response.output_item.added", { output_index, item });
const done = (output_index: number, item: Fields): string => frame("response.output_item.done", { output_index, item });

const text = (output_index: number, delta: string): string =>
  frame("response.output_text.delta", { item_id: "msg_1", output_index, content_index: 0, delta });

const usage = {
  input_tokens: 12,
  input_tokens_details: { cached_tokens: 8 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 3 },
};
const counted: Usage = { inputTokens: 12, outputTokens: 7, cacheReadTokens: 8, reasoningTokens: 3 };
const completed = frame("response.completed", { response: { ...response, status: "completed", usage } });

const call = { type: "function_call", id: "fc_1", call_id: "call_1", name: "weather", status: "completed" };
const summary = (delta: string): string =>
  frame("response.reasoning_summary_text.delta", { item_id: "rs_1", output_index: 0, summary_index: 0, delta });

/** OpenAI's Responses. */
export const responsesWire: ProviderWire = {
  model: "openai/gpt-5-pro",
  open: start + added(0, message),
  text: (content) => text(0, content),
  close: done(0, message) + completed,
  streams: [
    {
      name: "a summary of the reasoning, then text with multi-byte characters",
      bytes:
        start +
        added(0, { type: "reasoning", id: "rs_1", encrypted_content: null, summary: [] }) +
        summary("Let me") +
        summary(" think.") +
        done(0, {
          type: "reasoning",
          id: "rs_1",
          encrypted_content: "ZW5j",
          summary: [{ type: "summary_text", text: "Let me think." }],
        }) +
        added(1, message) +
        text(1, "Grüße") +
        text(1, " 😀 日本語") +
        done(1, message) +
        completed,
      answer: {
        said: [
          ["reasoning", "Let me think."],
          ["text", "Grüße 😀 日本語"],
        ],
        end: "stop",
        usage: counted,
      },
    },
    {
      name: "a call whose input comes in pieces",
      bytes:
        start +
        added(0, { ...call, arguments: "" }) +
        ['{"city":"K', 'öln"}']
          .map((delta) => frame("response.function_call_arguments.delta", { item_id: "fc_1", output_index: 0, delta }))
          .join("") +
        done(0, { ...call, arguments: '{"city":"Köln"}' }) +
        completed,
      answer: { said: [], calls: [["weather", { city: "Köln" }]], end: "tool-calls", usage: counted },
    },
    {
      name: "an error in the middle",
      bytes:
        start +
        added(0, message) +
        text(0, "Hel") +
        frame("error", { error: { type: "server_error", code: "rate_limit_exceeded", message: "slow down" } }),
      answer: { said: [["text", "Hel"]], end: "provider_busy" },
    },
  ],
};
