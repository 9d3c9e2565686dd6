import type { ChatGenerationChunk } from "@langchain/core/outputs";
import type { ModelEnd } from "../../protocol/agent/model.ts";
import type { Langgraph } from "./load-langgraph.ts";
import type { SaidByModel } from "./stream-call.ts";

interface ChunkFields {
  readonly content: string | { type: "reasoning"; reasoning: string }[];
  readonly tool_call_chunks?: { type: "tool_call_chunk"; index: number; args: string; id?: string; name?: string }[];
  readonly response_metadata?: Record<string, unknown>;
}

/** Marks messages of models made here: their calls are in the ledger already. */
export const registryMark = "natterRegistry";

/** Beside the fields: their type has no place for it under `exactOptionalPropertyTypes`. */
const usageOf = ({ usage }: ModelEnd) =>
  usage === undefined
    ? {}
    : {
        usage_metadata: {
          input_tokens: usage.inputTokens,
          output_tokens: usage.outputTokens,
          total_tokens: usage.inputTokens + usage.outputTokens,
        },
      };

/** Makes of what a model of the registry says what LangChain's models give; null for what has no place there. */
export const createGenerations = (core: Langgraph): ((said: SaidByModel) => ChatGenerationChunk | null) => {
  const indexes = new Map<string, number>();
  const streamed = new Set<string>();
  const chunkOf = (text: string, fields: ChunkFields, more = {}): ChatGenerationChunk =>
    new core.ChatGenerationChunk({ text, message: Object.assign(new core.AIMessageChunk(fields), more) });
  const callChunk = (id: string, name: string, args: string): ChatGenerationChunk => {
    const isNew = !indexes.has(id);
    if (isNew) indexes.set(id, indexes.size);
    const call = { index: indexes.get(id) ?? 0, args, type: "tool_call_chunk" as const };
    return chunkOf("", { content: "", tool_call_chunks: [isNew ? { ...call, id, name } : call] });
  };
  return (said) => {
    if ("end" in said) {
      const told = { finish_reason: said.end.finishReason, [registryMark]: true };
      return chunkOf("", { content: "", response_metadata: told }, usageOf(said.end));
    }
    const { event } = said;
    switch (event.type) {
      case "text":
        return event.delta === "" ? null : chunkOf(event.delta, { content: event.delta });
      case "reasoning":
        return event.delta === "" ? null : chunkOf("", { content: [{ type: "reasoning", reasoning: event.delta }] });
      case "tool-input":
        streamed.add(event.callId);
        return callChunk(event.callId, event.tool, event.delta);
      case "tool-call":
        return streamed.has(event.callId)
          ? null
          : callChunk(event.callId, event.tool, JSON.stringify(event.input ?? {}));
      case "part":
        return null;
    }
  };
};
