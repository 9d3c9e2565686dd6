import type { Chunk, Part } from "../protocol/chunk.ts";
import { isToolPart, toolIdentity } from "../protocol/fold.ts";
import type { ToolResult } from "../protocol/tool.ts";
import { errorTextOf, outputOf } from "./results.ts";

/** The chunk that shows a result. */
export const resultChunk = ({ callId, outcome }: ToolResult): Chunk => {
  const errorText = errorTextOf(outcome);
  return errorText === null
    ? { type: "tool-output-available", toolCallId: callId, output: outputOf(outcome) }
    : { type: "tool-output-error", toolCallId: callId, errorText };
};

/** Parts of a step with the recorded results in the calls they belong to. */
export const answeredParts = (parts: readonly Part[], results: readonly ToolResult[]): Part[] =>
  parts.map((part) => {
    const result = isToolPart(part) ? results.find(({ callId }) => callId === part.toolCallId) : undefined;
    if (result === undefined || !isToolPart(part)) return part;
    const identity = toolIdentity(part);
    const errorText = errorTextOf(result.outcome);
    return errorText === null
      ? { ...identity, state: "output-available", output: outputOf(result.outcome) }
      : { ...identity, state: "output-error", errorText };
  });
