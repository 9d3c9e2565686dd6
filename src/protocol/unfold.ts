import type { Chunk, Part } from "./chunk.ts";
import { isToolPart } from "./fold.ts";

const toolChunks = (part: Extract<Part, { type: `tool-${string}` }>): Chunk[] => {
  const { toolCallId, state } = part;
  const toolName = part.type.slice("tool-".length);
  if (state === "output-error") {
    return [{ type: "tool-input-error", toolCallId, toolName, input: part.input, errorText: part.errorText }];
  }
  const input: Chunk = { type: "tool-input-available", toolCallId, toolName, input: part.input };
  return state === "output-available" ? [input, { type: "tool-output-available", toolCallId, output: part.output }] : [input];
};

const partChunks = (part: Part, id: string): Chunk[] => {
  const providerMetadata = "providerMetadata" in part && part.providerMetadata !== undefined ? { providerMetadata: part.providerMetadata } : {};
  switch (part.type) {
    case "text":
      return [
        { type: "text-start", id },
        { type: "text-delta", id, delta: part.text },
        { type: "text-end", id, ...providerMetadata },
      ];
    case "reasoning": {
      const reasoningId = part.id ?? id;
      return [
        { type: "reasoning-start", id: reasoningId },
        { type: "reasoning-delta", id: reasoningId, delta: part.text },
        { type: "reasoning-end", id: reasoningId, ...providerMetadata },
      ];
    }
    case "step-start":
      return [{ type: "start-step" }];
    case "source-url":
    case "source-document":
    case "file":
    case "reasoning-file":
    case "custom":
    case "steering-message":
      return [{ ...part }];
    case "dynamic-tool":
      return [];
    default:
      if (isToolPart(part)) return toolChunks(part);
      return [{ ...part }];
  }
};

/** The shortest chunks that fold back into these parts; a `finish-step` stands before each next step and at the end. */
export const unfold = (parts: readonly Part[]): Chunk[] => {
  const chunks: Chunk[] = [];
  let isStepOpen = false;
  for (const [index, part] of parts.entries()) {
    if (part.type === "step-start") {
      if (isStepOpen) chunks.push({ type: "finish-step" });
      isStepOpen = true;
    }
    chunks.push(...partChunks(part, `part-${index}`));
  }
  if (isStepOpen) chunks.push({ type: "finish-step" });
  return chunks;
};
