import type { LogEntry } from "../ports/chunk-log.ts";
import type { Chunk } from "../protocol/message/chunk.ts";
import { formatFrame, formatPosition } from "../protocol/message/frames.ts";

/** An entry as the recorder makes it: one frame per chunk, the first at position `first`. */
export const entryOf = (epoch: string, first: number, chunks: readonly Chunk[], ends = false): LogEntry => ({
  first,
  last: first + chunks.length - 1,
  frames: Buffer.from(
    chunks.map((chunk, index) => formatFrame({ id: formatPosition(epoch, first + index), chunk })).join(""),
  ),
  ends,
});

/** An entry of text deltas. */
export const textEntry = (epoch: string, first: number, texts: readonly string[], ends = false): LogEntry =>
  entryOf(
    epoch,
    first,
    texts.map((delta) => ({ type: "text-delta", id: "1", delta })),
    ends,
  );
