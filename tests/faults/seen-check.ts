import type { Chunk } from "../../src/protocol/message/chunk.ts";
import { mergeDeltas } from "../../src/protocol/message/frames.ts";
import type { SeenChunk } from "./viewer.ts";

/** What went wrong between a log and one who read it. */
export interface Misread {
  readonly gaps: number;
  readonly duplicates: number;
}

/** Compares what was seen after a position with what the log said: each chunk must be exactly all since the one before it. */
export const findMisread = (
  seen: readonly Pick<SeenChunk, "position" | "chunk">[],
  said: readonly Chunk[],
  after = 0,
): Misread => {
  let [at, gaps, duplicates] = [after, 0, 0];
  for (const { position, chunk } of seen) {
    if (position <= at) {
      duplicates += 1;
      continue;
    }
    const [first, ...rest] = said.slice(at, position);
    const merged = rest.reduce((before, next) => before && mergeDeltas(before, next), first ?? null);
    if (merged === null || JSON.stringify(merged) !== JSON.stringify(chunk)) gaps += 1;
    at = position;
  }
  return { gaps: gaps + (at < said.length ? 1 : 0), duplicates };
};
