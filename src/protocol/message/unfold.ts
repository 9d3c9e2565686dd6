import type { Chunk, Part } from "./chunk.ts";
import { isToolPart, type Fold } from "./fold.ts";

const approvalChunks = ({ toolCallId, approval }: Extract<Part, { type: `tool-${string}` }>): Chunk[] => {
  if (approval === undefined) return [];
  const { id: approvalId, approved, reason } = approval;
  const request: Chunk = { type: "tool-approval-request", approvalId, toolCallId };
  if (approved === undefined) return [request];
  return [
    request,
    { type: "tool-approval-response", approvalId, approved, ...(reason === undefined ? {} : { reason }) },
  ];
};

const toolChunks = (part: Extract<Part, { type: `tool-${string}` }>): Chunk[] => {
  const { toolCallId, state, providerExecuted, callProviderMetadata } = part;
  const toolName = part.type.slice("tool-".length);
  const call = {
    toolCallId,
    toolName,
    input: part.input,
    ...(providerExecuted === undefined ? {} : { providerExecuted }),
    ...(callProviderMetadata === undefined ? {} : { providerMetadata: callProviderMetadata }),
  };
  const before: Chunk[] = [{ type: "tool-input-available", ...call }, ...approvalChunks(part)];
  switch (state) {
    case "input-streaming":
      return [{ type: "tool-input-start", toolCallId, toolName }];
    case "output-error":
      return [...before, { type: "tool-output-error", toolCallId, errorText: part.errorText }];
    case "output-available":
      return [...before, { type: "tool-output-available", toolCallId, output: part.output }];
    case "output-denied":
      return [...before, { type: "tool-output-denied", toolCallId }];
    case "input-available":
    case "approval-requested":
    case "approval-responded":
      return before;
  }
};

/** The id that an open part goes on under; undefined for one that is closed. */
const openId = (part: Part, fold: Fold | undefined): string | undefined => {
  const open = part.type === "text" ? fold?.openTexts : fold?.openReasonings;
  return open === undefined ? undefined : [...open].find(([, candidate]) => candidate === part)?.[0];
};

const metadata = ({ providerMetadata }: Pick<Extract<Part, { type: "text" | "file" }>, "providerMetadata">) =>
  providerMetadata === undefined ? {} : { providerMetadata };

const textChunks = (part: Extract<Part, { type: "text" | "reasoning" }>, id: string, isOpen: boolean): Chunk[] => {
  const citations = "citations" in part && part.citations !== undefined ? { citations: part.citations } : {};
  const chunks: Chunk[] = [
    { type: `${part.type}-start`, id },
    { type: `${part.type}-delta`, id, delta: part.text },
  ];
  if (!isOpen) chunks.push({ type: `${part.type}-end`, id, ...citations, ...metadata(part) });
  return chunks;
};

const partChunks = (part: Part, index: number, fold: Fold | undefined): Chunk[] => {
  switch (part.type) {
    case "text":
    case "reasoning": {
      const open = openId(part, fold);
      const closedId = part.type === "reasoning" ? part.id : undefined;
      return textChunks(part, open ?? closedId ?? `part-${index}`, open !== undefined);
    }
    case "step-start":
      return [{ type: "start-step" }];
    case "file":
      // the chunk has no place for a name
      return [{ type: "file", mediaType: part.mediaType, url: part.url, ...metadata(part) }];
    case "source-url":
    case "source-document":
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

/**
 * The shortest chunks that fold back into these parts. A `finish-step` stands before each next step and at the end.
 * With the fold that the parts are of, what is open in it stays open.
 */
export const unfold = (parts: readonly Part[], fold?: Fold): Chunk[] => {
  const chunks: Chunk[] = [];
  let steps = 0;
  for (const [index, part] of parts.entries()) {
    if (part.type === "step-start" && steps > 0) chunks.push({ type: "finish-step" });
    if (part.type === "step-start") steps += 1;
    chunks.push(...partChunks(part, index, fold));
  }
  const isLastStepDone = fold === undefined || fold.finishedSteps >= fold.steps;
  if (steps > 0 && isLastStepDone) chunks.push({ type: "finish-step" });
  return chunks;
};
