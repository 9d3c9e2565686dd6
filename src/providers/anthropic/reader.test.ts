import { describe, expect, test } from "vitest";
import type { ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";
import { createCallIds } from "../call-ids.ts";
import { createEventBatch } from "../exchange/event-batch.ts";
import { createMessagesReader } from "./reader.ts";

const read = (...frames: readonly object[]): { events: ModelEvent[]; end: ModelEnd } => {
  const events: ModelEvent[] = [];
  const batch = createEventBatch((some) => events.push(...some));
  const reader = createMessagesReader(batch, createCallIds([]));
  for (const frame of frames) reader.read(JSON.stringify(frame));
  const end = reader.end();
  batch.flush();
  return { events, end };
};

const start = { type: "message_start", message: { usage: { input_tokens: 3, output_tokens: 1 } } };
const delta = (index: number, fields: object) => ({ type: "content_block_delta", index, delta: fields });
const opened = (index: number, content_block: object) => ({ type: "content_block_start", index, content_block });
const ended = { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 2 } };
const stop = { type: "message_stop" };

describe("the reader of Anthropic's Messages", () => {
  test("skips events, blocks and deltas that it does not know, and what they hold", () => {
    const { events, end } = read(
      start,
      { type: "something_new", index: 0, delta: { type: "text_delta", text: "no" } },
      opened(0, { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"query":"x"}' }),
      { type: "content_block_stop", index: 0 },
      opened(1, { type: "text", text: "" }),
      delta(1, { type: "citations_delta", citation: {} }),
      delta(1, { type: "thinking_delta", thinking: "no" }),
      delta(1, { type: "text_delta", text: "yes" }),
      delta(7, { type: "text_delta", text: "nobody opened this" }),
      delta(1, { type: "text_delta", text: 5 }),
      opened(2, {}),
      { type: "content_block_stop", index: 9 },
      { type: "content_block_start" },
      ended,
      stop,
    );
    expect(events).toEqual([{ type: "text", id: "text-1", delta: "yes" }]);
    expect(end).toEqual({ finishReason: "stop", usage: { inputTokens: 3, outputTokens: 2 } });
  });

  test("completes what is still open when the message ends", () => {
    const { events } = read(
      start,
      opened(0, { type: "tool_use", id: "toolu_1", name: "add", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"a":1}' }),
      ended,
      stop,
    );
    expect(events.at(-1)).toEqual({ type: "tool-call", callId: "toolu_1", tool: "add", input: { a: 1 } });
  });

  test("hears nothing after the end, and ends as `other` when nobody said why", () => {
    const { events, end } = read(start, stop, opened(0, { type: "text", text: "late" }));
    expect([events, end]).toEqual([[], { finishReason: "other", usage: { inputTokens: 3, outputTokens: 1 } }]);
  });

  test("keeps counts that a later event does not repeat, and none that are no counts", () => {
    const { end } = read(
      {
        type: "message_start",
        message: { usage: { input_tokens: 3, cache_read_input_tokens: 4, cache_creation_input_tokens: -1 } },
      },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { output_tokens: 2, input_tokens: null, cache_read_input_tokens: "9" },
      },
    );
    expect(end.usage).toEqual({ inputTokens: 7, outputTokens: 2, cacheReadTokens: 4 });
  });

  test.each<[string, readonly object[], string]>([
    ["a call without a name", [start, opened(0, { type: "tool_use", id: "toolu_1" }), ended, stop], "provider_failed"],
    ["an end that never came", [start, opened(0, { type: "text", text: "Hel" })], "provider_failed"],
    ["an error before anything", [{ type: "error", error: { type: "rate_limit_error" } }], "provider_busy"],
    ["an error without a word", [{ type: "error" }], "provider_failed"],
  ])("fails on %s", (_what, frames, code) => {
    expect(() => read(...frames)).toThrow(expect.objectContaining({ code }));
  });
});
