import type { CallIds } from "../call-ids.ts";
import { providerError } from "../errors.ts";
import { createBlock, type Block, type EventBatch } from "../exchange/event-batch.ts";
import { gateToolName, readToolInput } from "../tool-calls.ts";
import type { ToolCallDelta } from "./frame.ts";

interface OpenCall {
  readonly index: number | undefined;
  readonly wireId: string | undefined;
  input: string;
  /** Null until the tool's name came. */
  started: { readonly callId: string; readonly tool: string; readonly block: Block } | null;
}

/** Puts the tool calls of one answer together from their deltas. */
export interface ToolCalls {
  read(delta: ToolCallDelta): void;
  /** The answer is over: its calls are complete. */
  end(): void;
}

/**
 * Which call a delta belongs to. Labels may be missing, and some servers give every parallel call the index 0: a name
 * under another id, or without any label, begins a new call.
 */
const findCall = (calls: readonly OpenCall[], { index, id, name }: ToolCallDelta): OpenCall | undefined => {
  if (index !== undefined) {
    const call = calls.findLast((open) => open.index === index);
    const isOther = id !== undefined && call?.wireId !== undefined && id !== call.wireId && name !== undefined;
    return isOther ? undefined : call;
  }
  if (id !== undefined) {
    const call = calls.findLast((open) => open.wireId === id);
    if (call !== undefined || name !== undefined) return call;
  }
  return name === undefined ? calls.at(-1) : undefined;
};

const inOrder = (calls: readonly OpenCall[]): readonly OpenCall[] =>
  calls.every((call) => call.index !== undefined)
    ? calls.toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0))
    : calls;

export const createToolCalls = (batch: EventBatch, callIds: CallIds): ToolCalls => {
  const calls: OpenCall[] = [];
  const start = (call: OpenCall, name: string, id: string | undefined) => {
    const tool = gateToolName(name);
    const callId = callIds(call.wireId ?? id);
    return { callId, tool, block: createBlock((delta) => ({ type: "tool-input", callId, tool, delta })) };
  };
  return {
    read(delta) {
      let call = findCall(calls, delta);
      if (call === undefined) calls.push((call = { index: delta.index, wireId: delta.id, input: "", started: null }));
      const text = delta.arguments ?? "";
      call.input += text;
      if (call.started !== null) batch.add(call.started.block, text);
      else if (delta.name !== undefined) {
        call.started = start(call, delta.name, delta.id);
        batch.add(call.started.block, call.input);
      }
    },
    end() {
      for (const { started, input } of inOrder(calls)) {
        if (started === null) throw providerError("provider_failed", new Error("a tool call without a name"));
        batch.close(started.block);
        batch.push({ type: "tool-call", callId: started.callId, tool: started.tool, input: readToolInput(input) });
      }
    },
  };
};
