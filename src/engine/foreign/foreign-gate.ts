import { createId } from "../../foundation/ids.ts";
import { createDeltaGate, type DeltaGate } from "../../foundation/text-gate.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { readChunk } from "./read-chunk.ts";

type TextKind = "text" | "reasoning";
type TextChunk = Extract<Chunk, { type: `${TextKind}-${"start" | "delta" | "end"}` }>;
type ToolChunk = Extract<Chunk, { type: `tool-${"input" | "output"}-${string}` }>;

const isTextChunk = (chunk: Chunk): chunk is TextChunk => /^(text|reasoning)-(start|delta|end)$/.test(chunk.type);
const isToolChunk = (chunk: Chunk): chunk is ToolChunk => /^tool-(input|output)-/.test(chunk.type);

const isCallId = (id: string): boolean => /^[\w.:|~/+=-]{1,128}$/.test(id);
const isToolName = (name: string): boolean => /^[\w.:/-]{1,128}$/.test(name);

/**
 * Makes of what a runner says what every client can read: no chunk of an unknown type, no delta of a block that is not
 * open, no result of a call that nobody made; texts gated over their deltas, ids unique in the answer.
 */
export class ForeignGate {
  /** Blocks that are open, under the runner's id. */
  readonly #texts = new Map<string, { readonly kind: TextKind; readonly id: string; readonly gate: DeltaGate }>();
  /** Calls whose input is streaming. */
  readonly #inputs = new Map<string, DeltaGate>();
  /** Our id of every call of this answer, under the runner's. */
  readonly #calls = new Map<string, string>();
  readonly #onDropped: (said: unknown) => void;
  #blocks: number;

  /** `blocks`: how many texts the answer has already; `calls`: ids of its calls. `onDropped` is told what can't be shown. */
  constructor(options: { blocks: number; calls: readonly string[]; onDropped: (said: unknown) => void }) {
    this.#blocks = options.blocks;
    this.#onDropped = options.onDropped;
    for (const id of options.calls) this.#calls.set(id, id);
  }

  read(said: unknown): Chunk[] {
    const chunk = readChunk(said);
    const read = chunk === null ? null : this.#readKnown(chunk);
    if (read === null) this.#onDropped(said);
    return read ?? [];
  }

  /** Ends the texts that are open. */
  close(): Chunk[] {
    const ended = [...this.#texts.keys()].flatMap((key) => this.#end(key, {}));
    this.#inputs.clear();
    return ended;
  }

  /** Our id of a call that was shown; undefined: there is none. */
  callIdOf(id: string): string | undefined {
    return this.#calls.get(id);
  }

  #readKnown(chunk: Chunk): Chunk[] | null {
    if (isTextChunk(chunk)) return this.#readText(chunk);
    if (isToolChunk(chunk)) return this.#readTool(chunk);
    return [chunk];
  }

  #readText(chunk: TextChunk): Chunk[] | null {
    const kind: TextKind = chunk.type.startsWith("text") ? "text" : "reasoning";
    const key = `${kind}:${chunk.id}`;
    switch (chunk.type) {
      case "text-start":
      case "reasoning-start":
        return this.#texts.has(key) ? null : [this.#start(kind, key)];
      case "text-delta":
      case "reasoning-delta": {
        const before = this.#texts.has(key) ? [] : [this.#start(kind, key)];
        const open = this.#texts.get(key);
        const delta = open?.gate.push(chunk.delta) ?? "";
        const metadata = chunk.providerMetadata === undefined ? {} : { providerMetadata: chunk.providerMetadata };
        if (open === undefined || (delta === "" && chunk.providerMetadata === undefined)) return before;
        return [...before, { type: `${kind}-delta`, id: open.id, delta, ...metadata }];
      }
      case "text-end":
      case "reasoning-end":
        return this.#texts.has(key) ? this.#end(key, chunk) : null;
    }
  }

  #start(kind: TextKind, key: string): Chunk {
    this.#blocks += 1;
    const id = `${kind}-${this.#blocks}`;
    this.#texts.set(key, { kind, id, gate: createDeltaGate() });
    return { type: `${kind}-start`, id };
  }

  #end(key: string, { providerMetadata }: Pick<TextChunk, "providerMetadata">): Chunk[] {
    const open = this.#texts.get(key);
    if (open === undefined) return [];
    this.#texts.delete(key);
    const { kind, id, gate } = open;
    const rest = gate.end();
    const metadata = providerMetadata === undefined ? {} : { providerMetadata };
    return [
      ...(rest === "" ? [] : [{ type: `${kind}-delta` as const, id, delta: rest }]),
      { type: `${kind}-end`, id, ...metadata },
    ];
  }

  #readTool(chunk: ToolChunk): Chunk[] | null {
    const known = this.#calls.get(chunk.toolCallId);
    if ("toolName" in chunk && !isToolName(chunk.toolName)) return null;
    switch (chunk.type) {
      case "tool-input-start":
        if (known !== undefined) return null;
        this.#inputs.set(chunk.toolCallId, createDeltaGate());
        return [{ ...chunk, toolCallId: this.#nameCall(chunk.toolCallId) }];
      case "tool-input-delta": {
        const inputTextDelta = this.#inputs.get(chunk.toolCallId)?.push(chunk.inputTextDelta);
        if (known === undefined || inputTextDelta === undefined) return null;
        return inputTextDelta === "" ? [] : [{ ...chunk, toolCallId: known, inputTextDelta }];
      }
      case "tool-input-available":
      case "tool-input-error":
        // a framework that goes on from a checkpoint says earlier calls again
        if (known !== undefined && !this.#inputs.delete(chunk.toolCallId)) return [];
        return [{ ...chunk, input: chunk.input ?? {}, toolCallId: known ?? this.#nameCall(chunk.toolCallId) }];
      case "tool-output-available":
        return known === undefined ? null : [{ ...chunk, output: chunk.output ?? null, toolCallId: known }];
      case "tool-output-error":
      case "tool-output-denied":
        return known === undefined ? null : [{ ...chunk, toolCallId: known }];
      default:
        return null;
    }
  }

  #nameCall(id: string): string {
    const own = isCallId(id) ? id : createId();
    this.#calls.set(id, own);
    return own;
  }
}
