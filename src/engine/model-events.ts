import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import { createDeltaGate, gateJson, type DeltaGate } from "../foundation/text-gate.ts";
import type { Chunk } from "../protocol/chunk.ts";
import type { ModelEvent } from "../protocol/model.ts";
import type { ToolCall } from "../protocol/tool.ts";
import { unfold } from "../protocol/unfold.ts";

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
  readonly #usedCallIds: ReadonlySet<string>;
  readonly #callIds = new Map<string, string>();
  readonly #inputGates = new Map<string, DeltaGate>();
  #block: Block | null = null;

  /** `usedCallIds`: ids of earlier steps. Some providers count calls from 0 in each answer. */
  constructor(usedCallIds: ReadonlySet<string>) {
    this.#usedCallIds = usedCallIds;
  }

  read(events: readonly ModelEvent[]): Chunk[] {
    return events.flatMap((event) => this.#readOne(event));
  }

  /** Closes what is open. */
  end(): Chunk[] {
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
        return [...this.end(), ...unfold([event.part])];
    }
  }

  #readText({ type: kind, id, delta, providerMetadata }: TextEvent): Chunk[] {
    const chunks: Chunk[] = [];
    if (this.#block?.kind !== kind || this.#block.id !== id) {
      chunks.push(...this.end(), { type: `${kind}-start`, id });
      this.#block = { kind, id, gate: createDeltaGate() };
    }
    if (providerMetadata !== undefined) this.#block.metadata = providerMetadata;
    const text = this.#block.gate.push(delta);
    if (text !== "") chunks.push({ type: `${kind}-delta`, id, delta: text });
    return chunks;
  }

  #readInput(id: string, toolName: string, delta: string): Chunk[] {
    const toolCallId = this.#callIdOf(id);
    const known = this.#inputGates.get(toolCallId);
    const gate = known ?? createDeltaGate();
    this.#inputGates.set(toolCallId, gate);
    const chunks: Chunk[] =
      known === undefined ? [...this.end(), { type: "tool-input-start", toolCallId, toolName }] : [];
    const inputTextDelta = gate.push(delta);
    if (inputTextDelta !== "") chunks.push({ type: "tool-input-delta", toolCallId, inputTextDelta });
    return chunks;
  }

  #readCall({ callId: id, tool, input: rawInput, providerMetadata }: CallEvent): Chunk[] {
    const callId = this.#callIdOf(id);
    const input = gatedInput(rawInput);
    this.calls.push({ callId, tool, input });
    const metadata = providerMetadata === undefined ? {} : { providerMetadata };
    return [...this.end(), { type: "tool-input-available", toolCallId: callId, toolName: tool, input, ...metadata }];
  }

  #callIdOf(id: string): string {
    const known = this.#callIds.get(id);
    if (known !== undefined) return known;
    const callId = isCallId(id) && !this.#usedCallIds.has(id) ? id : createId();
    this.#callIds.set(id, callId);
    return callId;
  }
}
