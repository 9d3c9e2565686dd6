import type { Pipeline } from "../../middleware/pipeline.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import type { ChunkCall } from "../../protocol/agent/middleware.ts";

/** What may be shown of what is said; without middleware that looks at chunks, all of it. */
export interface ChunkGate {
  /** @throws what a middleware throws, once; afterwards nothing passes any more */
  pass(chunks: readonly Chunk[]): readonly Chunk[];
  /** What ended the stream. */
  readonly refusal: Error | undefined;
}

const markers: ReadonlySet<Chunk["type"]> = new Set<Chunk["type"]>([
  "start",
  "finish",
  "abort",
  "error",
  "start-step",
  "finish-step",
  "reset-step",
  "message-metadata",
  "tool-output-available",
  "tool-output-error",
  "tool-output-denied",
  "tool-approval-request",
  "tool-approval-response",
]);

const openGate: ChunkGate = { pass: (chunks) => chunks, refusal: undefined };

/** Recovery reads markers, and results are rows: no middleware is asked about them. */
export const createChunkGate = (look: Pipeline["chunk"], call: ChunkCall): ChunkGate => {
  if (look === undefined) return openGate;
  let refusal: Error | undefined;
  return {
    get refusal() {
      return refusal;
    },
    pass(chunks) {
      if (refusal !== undefined) return [];
      try {
        return chunks.flatMap((chunk) => (markers.has(chunk.type) ? [chunk] : look(chunk, call)));
      } catch (thrown) {
        refusal = thrown instanceof Error ? thrown : new Error("a middleware threw no error", { cause: thrown });
        throw refusal;
      }
    },
  };
};
