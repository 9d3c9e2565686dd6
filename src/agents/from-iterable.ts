import { NatterError } from "../foundation/errors.ts";
import type { Chunk, FinishReason } from "../protocol/message/chunk.ts";
import { unknownCapabilities, type RunnerCapabilities } from "../protocol/agent/runner-capabilities.ts";
import type { Runner, Turn } from "../protocol/agent/turn.ts";

/** What a generator says: a text to add to the answer, or any chunk of AI SDK 7. */
export type Said = string | Chunk;

/**
 * Says the answer of a turn piece by piece; what it returns is why it ended. `waiting`, after `turn.kit` has asked
 * somebody: it is called again when they have answered, with what it said so far in `turn.steps`.
 */
export type Iterate = (turn: Turn, signal: AbortSignal) => AsyncIterable<Said, FinishReason | "waiting" | void>;

export interface FromIterableOptions {
  /** Shown by `/v1/agents`. Default `custom`. */
  readonly name?: string;
  /** What it can promise. `resume: "node"` means that it looks at `turn.kit.isResumed` and goes on by itself. */
  readonly capabilities?: Partial<RunnerCapabilities>;
}

const textId = "text";

const chunkOf = (said: Said): Chunk => {
  if (typeof said === "string") return { type: "text-delta", id: textId, delta: said };
  if (said.type !== "error") return said;
  throw new NatterError("provider_failed", "The agent failed while answering; try again.", {
    cause: new Error(said.errorText),
  });
};

/**
 * A runner of your own from an async generator. It may call models of this server by `turn.kit` (or `languageModel`),
 * the agent's tools by `turn.kit.callTool`, and anything else it likes; `turn.checkpoint()` keeps what it has said.
 *
 * @example
 * const echo = fromIterable(async function* (turn, signal) {
 *   yield "You said: ";
 *   yield* repeatSlowly(turn.messages.at(-1), signal);
 * });
 */
export const fromIterable = (iterate: Iterate, options: FromIterableOptions = {}): Runner => ({
  name: options.name ?? "custom",
  capabilities: { ...unknownCapabilities, ...options.capabilities },
  async run(turn, signal, emit) {
    const iterator = iterate(turn, signal)[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true)
        return value === "waiting" ? { status: "waiting" } : { status: "completed", finishReason: value ?? "stop" };
      if (signal.aborted) await iterator.return?.();
      signal.throwIfAborted();
      emit([chunkOf(value)]);
    }
  },
});
