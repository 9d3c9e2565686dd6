import { createDeltaGate, type DeltaGate } from "../../foundation/text-gate.ts";
import type { ModelEvent } from "../../protocol/agent/model.ts";

type Delta = Extract<ModelEvent, { delta: string }>;

/** A text that arrives in deltas: a text or reasoning block, or a tool call's input. */
export interface Block {
  readonly event: (delta: string) => Delta;
  readonly gate: DeltaGate;
}

export const createBlock = (event: (delta: string) => Delta): Block => ({ event, gate: createDeltaGate() });

export const textBlock = (type: "text" | "reasoning", id: string): Block =>
  createBlock((delta) => ({ type, id, delta }));

/** What a model said since the last flush: deltas of one block joined and gated, everything in order. */
export interface EventBatch {
  add(block: Block, delta: string): void;
  /** Ends a block: what its gate held back is said. */
  close(block: Block): void;
  push(event: ModelEvent): void;
  /** Hands all events to the sink, if there are any. */
  flush(): void;
}

export const createEventBatch = (sink: (events: readonly ModelEvent[]) => void): EventBatch => {
  let events: ModelEvent[] = [];
  let open: Block | null = null;
  let pending = "";
  const seal = (): void => {
    if (open === null || pending === "") return;
    const delta = open.gate.push(pending);
    pending = "";
    if (delta !== "") events.push(open.event(delta));
  };
  const turnTo = (block: Block | null): void => {
    if (block === open) return;
    seal();
    open = block;
  };
  return {
    add(block, delta) {
      turnTo(block);
      pending += delta;
    },
    close(block) {
      turnTo(null);
      const rest = block.gate.end();
      if (rest !== "") events.push(block.event(rest));
    },
    push(event) {
      turnTo(null);
      events.push(event);
    },
    flush() {
      seal();
      if (events.length === 0) return;
      const batch = events;
      events = [];
      sink(batch);
    },
  };
};
