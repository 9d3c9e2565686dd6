import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { createDeltaGate, gateJson, type DeltaGate } from "../../foundation/text-gate.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import type { ModelEvent } from "../../protocol/agent/model.ts";
import type { ToolCall } from "../../protocol/agent/tool.ts";
import { unfold } from "../../protocol/message/unfold.ts";

type TextEvent = Extract<ModelEvent, { type: "text" | "reasoning" }>;
type CallEvent = Extract<ModelEvent, { type: "tool-call" }>;

interface Block {
  readonly kind: "text" | "reasoning";
  readonly id: string;
  readonly gate: DeltaGate;
  /** What the provider wants back with the block, once it has said it. */
  metadata?: NonNullable<TextEvent["providerMetadata"]>;
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

/** Turns what a model says in one call into chunks: one block is open at a time, text is gated, call ids are unique in the completion. */
export class ModelEventReader {
  /** The calls that the model asked for, in order. */
  readonly calls: ToolCall[] = [];
  readonly #usedCallIds: Set<string>;
  /** Our ids of calls that have begun and are not whole yet, by the provider's. */
  readonly #callIds = new Map<string, string>();
  /** Calls whose input is streaming. */
  readonly #inputs = new Map<string, { readonly gate: DeltaGate; readonly toolName: string }>();
  #block: Block | null = null;

  /** `usedCallIds`: ids of earlier steps; those of this one are added. Some providers count calls from 0 in each answer. */
  constructor(usedCallIds: Set<string>) {
    this.#usedCallIds = usedCallIds;
  }

  read(events: readonly ModelEvent[]): Chunk[] {
    return events.flatMap((event) => this.#readOne(event));
  }

  /** Closes what is open; a call whose input did not come to its end was none. */
  end(): Chunk[] {
    const errorText = "The model did not finish this call.";
    const unfinished = [...this.#inputs].map(([toolCallId, { toolName }]): Chunk => ({
      type: "tool-input-error",
      toolCallId,
      toolName,
      input: {},
      errorText,
    }));
    this.#inputs.clear();
    return [...this.#closeBlock(), ...unfinished];
  }

  #closeBlock(): Chunk[] {
    if (this.#block === null) return [];
    const { kind, id, gate, metadata } = this.#block;
    this.#block = null;
    const rest = gate.end();
    const chunks: Chunk[] = rest === "" ? [] : [{ type: `${kind}-delta`, id, delta: rest }];
    const providerMetadata = metadata === undefined ? {} : { providerMetadata: metadata };
    return [...chunks, { type: `${kind}-end`, id, ...providerMetadata }];
  }

  #readOne(event: ModelEvent): Chunk[] {
    switch (event.type) {
      case "text":
      case "reasoning":
        return this.#readText(event);
      case "tool-input":
        return this.#readInput(event.callId, event.tool, event.delta);
      case "tool-call":
        return this.#readCall(event);
      case "part":
        return [...this.#closeBlock(), ...unfold([event.part])];
    }
  }

  #readText({ type: kind, id, delta, providerMetadata }: TextEvent): Chunk[] {
    const chunks: Chunk[] = [];
    if (this.#block?.kind !== kind || this.#block.id !== id) {
      chunks.push(...this.#closeBlock(), { type: `${kind}-start`, id });
      this.#block = { kind, id, gate: createDeltaGate() };
    }
    if (providerMetadata !== undefined) this.#block.metadata = providerMetadata;
    const text = this.#block.gate.push(delta);
    if (text !== "") chunks.push({ type: `${kind}-delta`, id, delta: text });
    return chunks;
  }

  #readInput(id: string, toolName: string, delta: string): Chunk[] {
    const toolCallId = this.#callIdOf(id);
    const known = this.#inputs.get(toolCallId);
    const { gate } = known ?? { gate: createDeltaGate() };
    if (known === undefined) this.#inputs.set(toolCallId, { gate, toolName });
    const chunks: Chunk[] =
      known === undefined ? [...this.#closeBlock(), { type: "tool-input-start", toolCallId, toolName }] : [];
    const inputTextDelta = gate.push(delta);
    if (inputTextDelta !== "") chunks.push({ type: "tool-input-delta", toolCallId, inputTextDelta });
    return chunks;
  }

  #readCall({ callId: id, tool, input: rawInput, providerMetadata }: CallEvent): Chunk[] {
    const callId = this.#callIdOf(id);
    const input = gatedInput(rawInput);
    this.calls.push({ callId, tool, input });
    const metadata = providerMetadata === undefined ? {} : { providerMetadata };
    this.#inputs.delete(callId);
    this.#callIds.delete(id);
    return [
      ...this.#closeBlock(),
      { type: "tool-input-available", toolCallId: callId, toolName: tool, input, ...metadata },
    ];
  }

  #callIdOf(id: string): string {
    const known = this.#callIds.get(id);
    if (known !== undefined) return known;
    const callId = isCallId(id) && !this.#usedCallIds.has(id) ? id : createId();
    this.#callIds.set(id, callId);
    this.#usedCallIds.add(callId);
    return callId;
  }
}
