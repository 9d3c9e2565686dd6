import { createDeltaGate, gateJson, type DeltaGate } from "../foundation/text-gate.ts";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Chunk, Part } from "../protocol/chunk.ts";
import type { ModelEvent } from "../protocol/model.ts";
import type { ToolCall } from "../protocol/tool.ts";
import { unfold } from "../protocol/unfold.ts";

/** Turns what a model says into chunks: blocks open and close, text is gated, call ids are unique in the completion. */
export interface ModelEventReader {
  read(events: readonly ModelEvent[]): Chunk[];
  /** Closes what is open. */
  end(): Chunk[];
  /** The calls that the model asked for, in order. */
  readonly calls: readonly ToolCall[];
}

interface Block {
  readonly kind: "text" | "reasoning";
  readonly id: string;
  readonly gate: DeltaGate;
}

const isCallId = (id: string): boolean => /^[\w.:|~/+=-]{1,128}$/.test(id);

const gatedInput = (input: unknown): unknown => {
  try {
    return gateJson(input);
  } catch (cause) {
    if (!(cause instanceof NatterError)) throw cause;
    return null;
  }
};

/** `usedCallIds`: ids of earlier steps. Some providers count calls from 0 in each answer. */
export const createModelEventReader = (usedCallIds: ReadonlySet<string>): ModelEventReader => {
  const calls: ToolCall[] = [];
  const callIds = new Map<string, string>();
  const inputGates = new Map<string, DeltaGate>();
  let block: Block | null = null;

  const closeBlock = (): Chunk[] => {
    if (block === null) return [];
    const { kind, id, gate } = block;
    block = null;
    const rest = gate.end();
    return [...(rest === "" ? [] : [{ type: `${kind}-delta`, id, delta: rest } satisfies Chunk]), { type: `${kind}-end`, id }];
  };

  const readText = (kind: Block["kind"], id: string, delta: string): Chunk[] => {
    const chunks: Chunk[] = [];
    if (block === null || block.kind !== kind || block.id !== id) {
      chunks.push(...closeBlock(), { type: `${kind}-start`, id });
      block = { kind, id, gate: createDeltaGate() };
    }
    const text = block.gate.push(delta);
    if (text !== "") chunks.push({ type: `${kind}-delta`, id, delta: text });
    return chunks;
  };

  const callIdOf = (id: string): string => {
    const known = callIds.get(id);
    if (known !== undefined) return known;
    const callId = isCallId(id) && !usedCallIds.has(id) ? id : createId();
    callIds.set(id, callId);
    return callId;
  };

  const readInput = (id: string, toolName: string, delta: string): Chunk[] => {
    const toolCallId = callIdOf(id);
    const gate = inputGates.get(toolCallId) ?? createDeltaGate();
    const chunks: Chunk[] = inputGates.has(toolCallId) ? [] : [...closeBlock(), { type: "tool-input-start", toolCallId, toolName }];
    inputGates.set(toolCallId, gate);
    const inputTextDelta = gate.push(delta);
    if (inputTextDelta !== "") chunks.push({ type: "tool-input-delta", toolCallId, inputTextDelta });
    return chunks;
  };

  const readCall = (id: string, toolName: string, rawInput: unknown): Chunk[] => {
    const callId = callIdOf(id);
    const input = gatedInput(rawInput);
    calls.push({ callId, tool: toolName, input });
    return [...closeBlock(), { type: "tool-input-available", toolCallId: callId, toolName, input }];
  };

  const readPart = (part: Part): Chunk[] => [...closeBlock(), ...unfold([part])];

  const readOne = (event: ModelEvent): Chunk[] => {
    switch (event.type) {
      case "text":
      case "reasoning":
        return readText(event.type, event.id, event.delta);
      case "tool-input":
        return readInput(event.callId, event.tool, event.delta);
      case "tool-call":
        return readCall(event.callId, event.tool, event.input);
      case "part":
        return readPart(event.part);
    }
  };

  return {
    calls,
    read: (events) => events.flatMap(readOne),
    end: closeBlock,
  };
};
