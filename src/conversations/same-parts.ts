import type { Part } from "../protocol/chunk.ts";

const fingerprint = (part: Part): readonly string[] => {
  if (part.type === "text") return ["text", part.text];
  if (part.type === "file") return ["file", part.url];
  return [part.type, JSON.stringify(part)];
};

/** Whether two messages of a person say the same, whatever else the parts carry. */
export const areSameParts = (left: readonly Part[], right: readonly Part[]): boolean =>
  JSON.stringify(left.map(fingerprint)) === JSON.stringify(right.map(fingerprint));
