import type { LogEntry } from "../../ports/chunk-log.ts";
import { type Frame, formatFrame, mergeDeltas, parseFrames, parsePosition } from "../../protocol/message/frames.ts";

const newline = 0x0a;
const idStart = "id: ".length;

/** The frames with positions after `after`, as a view of the same bytes. */
export const cutFrames = (frames: Buffer, after: number): Buffer => {
  let start = 0;
  while (start < frames.length) {
    const lineEnd = frames.indexOf(newline, start);
    const id = parsePosition(frames.toString("latin1", start + idStart, lineEnd));
    const end = frames.indexOf("\n\n", lineEnd);
    if (id === null || id.position > after || end === -1) break;
    start = end + 2;
  }
  return frames.subarray(start);
};

/** The frames of consecutive entries with positions after `after`; neighbouring deltas of one block become one frame. */
export const mergeFrames = (entries: readonly LogEntry[], after: number): Buffer => {
  const merged: Frame[] = [];
  for (const frame of entries.flatMap((entry) => parseFrames(cutFrames(entry.frames, after)))) {
    const before = merged.at(-1);
    const chunk = before === undefined ? null : mergeDeltas(before.chunk, frame.chunk);
    if (chunk === null) merged.push(frame);
    else merged[merged.length - 1] = { id: frame.id, chunk };
  }
  return Buffer.from(merged.map(formatFrame).join(""));
};
