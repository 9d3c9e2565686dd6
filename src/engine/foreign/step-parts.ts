import type { Part } from "../../protocol/message/chunk.ts";
import { isToolPart } from "../../protocol/message/fold.ts";

/** The parts of a step (1, 2, 3 …), without its `step-start`. */
export const partsOfStep = (parts: readonly Part[], step: number): Part[] => {
  let seen = 0;
  return parts.filter((part) => {
    if (part.type === "step-start") seen += 1;
    return seen === step && part.type !== "step-start";
  });
};

/** The step that a call was made in; 0: none. */
export const stepOfCall = (parts: readonly Part[], callId: string): number => {
  const at = parts.findLastIndex((part) => isToolPart(part) && part.toolCallId === callId);
  return parts.slice(0, at + 1).filter(({ type }) => type === "step-start").length;
};
