import type { FinishReason } from "../../protocol/message/chunk.ts";
import type { AnswerReader } from "../exchange/answer-body.ts";
import type { CallIds } from "../call-ids.ts";
import { answerBrokeOff, errorFromProvider, providerError } from "../errors.ts";
import type { EventBatch } from "../exchange/event-batch.ts";
import { isRecord, readJson, textOf } from "../exchange/json.ts";
import { createContentBlocks } from "./blocks.ts";
import { createUsageCounter } from "./usage.ts";

/** AI SDK's name of a stop reason. */
const finishReasonOf = (stopReason: string | undefined): FinishReason => {
  switch (stopReason) {
    case "end_turn":
    case "stop_sequence":
    case "pause_turn":
      return "stop";
    case "tool_use":
      return "tool-calls";
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "content-filter";
    default:
      return "other";
  }
};

const parse = (data: string): Readonly<Record<string, unknown>> => {
  const read = readJson(data);
  if ("cause" in read) throw providerError("provider_failed", read.cause);
  return isRecord(read.value) ? read.value : {};
};

/** Reads Anthropic's Messages, event by event. Events and blocks of unknown kinds are skipped, so that it may add some. */
export const createMessagesReader = (batch: EventBatch, callIds: CallIds): AnswerReader => {
  const blocks = createContentBlocks(batch, callIds);
  const usage = createUsageCounter();
  let stopReason: string | undefined;
  let isDone = false;
  return {
    get isDone() {
      return isDone;
    },
    get isFinished() {
      return stopReason !== undefined;
    },
    read(data) {
      if (isDone) return;
      const { type, index, message, content_block: content, delta, usage: counted, error } = parse(data);
      if (type === "error") throw errorFromProvider({ said: error });
      if (type === "message_start" && isRecord(message)) usage.add(message["usage"]);
      if (type === "content_block_start" && isRecord(content)) blocks.open(index, content);
      if (type === "content_block_delta" && isRecord(delta)) blocks.add(index, delta);
      if (type === "content_block_stop") blocks.close(index);
      if (type === "message_delta") {
        usage.add(counted);
        if (isRecord(delta)) stopReason = textOf(delta["stop_reason"]) ?? stopReason;
      }
      isDone = type === "message_stop";
    },
    end() {
      if (stopReason === undefined && !isDone) throw answerBrokeOff();
      blocks.end();
      const total = usage.total();
      return { finishReason: finishReasonOf(stopReason), ...(total === undefined ? {} : { usage: total }) };
    },
  };
};
