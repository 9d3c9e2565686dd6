import type { FinishReason } from "../../protocol/message/chunk.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import { isRecord, textOf } from "../exchange/json.ts";
import { readUsage } from "./usage.ts";

/** A piece of a tool call, as it came. */
export interface ToolCallDelta {
  readonly index: number | undefined;
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly arguments: string | undefined;
}

/** What one `chat.completion.chunk`, or one whole `chat.completion`, says. */
export interface Frame {
  readonly said: readonly { readonly type: "text" | "reasoning"; readonly delta: string }[];
  readonly toolCalls: readonly ToolCallDelta[];
  readonly isRefusal: boolean;
  readonly finish: string | undefined;
  readonly usage: Usage | undefined;
  /** The provider's error object, in place of everything else. */
  readonly error: unknown;
}

type Said = Frame["said"][number];

const add = (said: Said[], type: Said["type"], delta: unknown): void => {
  if (typeof delta === "string" && delta !== "") said.push({ type, delta });
};

/** `content` as parts (Mistral): texts, and `thinking` that holds texts. */
const addPart = (said: Said[], part: unknown): void => {
  if (!isRecord(part)) return;
  if (part["type"] === "text") add(said, "text", part["text"]);
  if (part["type"] !== "thinking" || !Array.isArray(part["thinking"])) return;
  for (const piece of part["thinking"]) if (isRecord(piece)) add(said, "reasoning", piece["text"]);
};

const readToolCall = (value: unknown): ToolCallDelta[] => {
  if (!isRecord(value) || !isRecord(value["function"])) return [];
  const { name, arguments: input } = value["function"];
  return [
    {
      index: typeof value["index"] === "number" ? value["index"] : undefined,
      id: textOf(value["id"]),
      name: typeof name === "string" && name.trim() !== "" ? name : undefined,
      arguments: isRecord(input) ? JSON.stringify(input) : textOf(input),
    },
  ];
};

const readSaid = (delta: Readonly<Record<string, unknown>>): Said[] => {
  const said: Said[] = [];
  const { content } = delta;
  add(said, "reasoning", delta["reasoning_content"] ?? delta["reasoning"]);
  if (Array.isArray(content)) for (const part of content) addPart(said, part);
  else add(said, "text", content);
  add(said, "text", delta["refusal"]);
  return said;
};

const nothing: Frame = {
  said: [],
  toolCalls: [],
  isRefusal: false,
  finish: undefined,
  usage: undefined,
  error: undefined,
};

/** Reads a parsed frame; what is unknown is skipped, so that servers may add to the format. */
export const readFrame = (value: unknown): Frame => {
  if (!isRecord(value)) return nothing;
  const error = value["error"];
  if (error !== undefined && error !== null) return { ...nothing, error };
  const groq = value["x_groq"];
  const usage = readUsage(value["usage"] ?? (isRecord(groq) ? groq["usage"] : undefined));
  const choice: unknown = Array.isArray(value["choices"]) ? value["choices"][0] : undefined;
  if (!isRecord(choice)) return usage === undefined ? nothing : { ...nothing, usage };
  const delta = isRecord(choice["delta"]) ? choice["delta"] : choice["message"];
  const finish = textOf(choice["finish_reason"]);
  if (!isRecord(delta)) return { ...nothing, usage, finish };
  const calls = delta["tool_calls"];
  return {
    said: readSaid(delta),
    toolCalls: Array.isArray(calls) ? calls.flatMap(readToolCall) : nothing.toolCalls,
    isRefusal: textOf(delta["refusal"]) !== undefined,
    finish,
    usage,
    error: undefined,
  };
};

/** AI SDK's name of a finish reason. A refusal ends with `stop` on the wire. */
export const readFinishReason = (finish: string, isRefusal: boolean): FinishReason => {
  switch (finish) {
    case "stop":
      return isRefusal ? "content-filter" : "stop";
    case "length":
      return "length";
    case "content_filter":
      return "content-filter";
    case "tool_calls":
    case "function_call":
      return "tool-calls";
    default:
      return "other";
  }
};
