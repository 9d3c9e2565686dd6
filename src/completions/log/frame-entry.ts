import type { LogEntry, LogHead } from "../../ports/chunk-log.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { formatFrame, formatPosition } from "../../protocol/message/frames.ts";

/** Frames consecutive chunks of a log as one entry. */
export const frameEntry = (head: LogHead, chunks: readonly Chunk[], ends: boolean): LogEntry => {
  let position = head.last;
  let text = "";
  for (const chunk of chunks) text += formatFrame({ id: formatPosition(head.epoch, (position += 1)), chunk });
  return { first: head.last + 1, last: position, frames: Buffer.from(text), ends };
};
