import type { Chunk } from "./chunk.ts";

/** One chunk with the id that a viewer resumes from. */
export interface Frame {
  /** `<epoch>.<position>`; absent on the `start` that is sent before a log exists. */
  readonly id?: string;
  readonly chunk: Chunk;
}

/** SSE id of a position (DESIGN promise 2). */
export const formatPosition = (epoch: string, position: number): string => `${epoch}.${position}`;

/** Reads `<epoch>.<position>`; null when it is not of that form. */
export const parsePosition = (id: string): { epoch: string; position: number } | null => {
  const match = /^([A-Za-z0-9]{1,32})\.(\d{1,15})$/.exec(id);
  return match?.[1] === undefined ? null : { epoch: match[1], position: Number(match[2]) };
};

/** One SSE event. JSON holds no line break, so one `data` line is enough. */
export const formatFrame = (frame: Frame): string =>
  frame.id === undefined
    ? `data: ${JSON.stringify(frame.chunk)}\n\n`
    : `id: ${frame.id}\ndata: ${JSON.stringify(frame.chunk)}\n\n`;

const isDelta = (chunk: Chunk): boolean =>
  chunk.type === "text-delta" || chunk.type === "reasoning-delta" || chunk.type === "tool-input-delta";

/** The two chunks as one, when both are deltas of the same block without metadata; else null. */
export const mergeDeltas = (before: Chunk, after: Chunk): Chunk | null => {
  if (before.type !== after.type || !isDelta(before)) return null;
  if (before.type === "tool-input-delta" && after.type === "tool-input-delta") {
    return before.toolCallId === after.toolCallId
      ? { ...before, inputTextDelta: before.inputTextDelta + after.inputTextDelta }
      : null;
  }
  if (before.type === "text-delta" || before.type === "reasoning-delta") {
    if (after.type !== before.type || after.id !== before.id) return null;
    if (before.providerMetadata !== undefined || after.providerMetadata !== undefined) return null;
    return { ...before, delta: before.delta + after.delta };
  }
  return null;
};

/** Frames written by `formatFrame`, read back. */
export const parseFrames = (bytes: Buffer): { id: string; chunk: Chunk }[] => {
  const frames: { id: string; chunk: Chunk }[] = [];
  for (const event of bytes.toString("utf8").split("\n\n")) {
    if (event === "") continue;
    const line = event.indexOf("\n");
    frames.push({ id: event.slice("id: ".length, line), chunk: JSON.parse(event.slice(line + 1 + "data: ".length)) });
  }
  return frames;
};
