import type { ModelCall, ModelDriver, ModelEnd, ModelEvent } from "../../protocol/agent/model.ts";

/** One thing that a scripted model does; each `emit` is one batch. */
export type ModelStep =
  | { readonly emit: readonly ModelEvent[] }
  | { readonly wait: Promise<unknown> }
  | { readonly hang: true }
  | { readonly fail: Error }
  | { readonly end: ModelEnd };

/** What a scripted model does for one call; `number` is 1 for the first call it ever gets. */
export type ModelScript = (call: ModelCall, number: number) => readonly (ModelStep | readonly ModelStep[])[];

export interface ScriptedModel extends ModelDriver {
  /** The calls so far, oldest first. */
  readonly calls: readonly ModelCall[];
  /** How many calls were aborted. */
  readonly aborts: number;
  /** Resolves when this many calls have begun. */
  called(count: number): Promise<void>;
}

/** Text in as many batches as there are deltas. */
export const say = (...deltas: readonly string[]): ModelStep[] =>
  deltas.map((delta) => ({ emit: [{ type: "text", id: "text", delta }] }));

export const reason = (...deltas: readonly string[]): ModelStep[] =>
  deltas.map((delta) => ({ emit: [{ type: "reasoning", id: "reasoning", delta }] }));

/** A tool call, its input streamed in two deltas. */
export const callTool = (callId: string, tool: string, input: unknown): ModelStep[] => {
  const text = JSON.stringify(input);
  const half = text.length >> 1;
  return [
    { emit: [{ type: "tool-input", callId, tool, delta: text.slice(0, half) }] },
    {
      emit: [
        { type: "tool-input", callId, tool, delta: text.slice(half) },
        { type: "tool-call", callId, tool, input },
      ],
    },
  ];
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });

const perform = async (
  steps: readonly ModelStep[],
  signal: AbortSignal,
  sink: (events: readonly ModelEvent[]) => void,
) => {
  let batches = 0;
  let hasCalls = false;
  for (const step of steps) {
    signal.throwIfAborted();
    if ("fail" in step) throw step.fail;
    if ("end" in step) return step.end;
    if ("hang" in step) await aborted(signal);
    if ("wait" in step) await Promise.race([step.wait, aborted(signal)]);
    if ("emit" in step) {
      sink(step.emit);
      batches += 1;
      hasCalls ||= step.emit.some((event) => event.type === "tool-call");
      await Promise.resolve();
    }
  }
  signal.throwIfAborted();
  const end: ModelEnd = {
    finishReason: hasCalls ? "tool-calls" : "stop",
    usage: { inputTokens: 10, outputTokens: batches },
  };
  return end;
};

/**
 * A model in this process that does what a script says, call by call, and counts.
 * Without an `end` a call ends as `stop`, or `tool-calls`, with 10 input tokens and one output token a batch.
 * @example createScriptedModel((call, number) => [say(`answer ${number}`)])
 */
export const createScriptedModel = (script: ModelScript): ScriptedModel => {
  const calls: ModelCall[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let aborts = 0;
  return {
    calls,
    get aborts() {
      return aborts;
    },
    called(count) {
      return new Promise((resolve) => {
        if (calls.length >= count) resolve();
        else waiting.push({ count, resolve });
      });
    },
    async stream(call, signal, sink) {
      calls.push(call);
      for (const waiter of waiting) if (calls.length >= waiter.count) waiter.resolve();
      const count = (): void => {
        aborts += 1;
      };
      signal.addEventListener("abort", count, { once: true });
      try {
        return await perform(script(call, calls.length).flat(), signal, sink);
      } finally {
        signal.removeEventListener("abort", count);
      }
    },
  };
};
