import type { Chunk, Part } from "./chunk.ts";

type TextPart = Extract<Part, { type: "text" }>;
type ReasoningPart = Extract<Part, { type: "reasoning" }>;
type ToolPart = Extract<Part, { type: `tool-${string}` }>;
type DataPart = Extract<Part, { type: `data-${string}` }>;

/** A message under construction: what its chunks so far add up to, in the shapes of AI SDK's own reader. */
export interface Fold {
  readonly parts: Part[];
  /** How many `start-step`s were seen: the number of the step that is open, or was last. */
  steps: number;
  /** How many `finish-step`s were seen. */
  finishedSteps: number;
  readonly openTexts: Map<string, TextPart>;
  readonly openReasonings: Map<string, ReasoningPart>;
  /** Calls whose input is still coming, with their tool and the JSON text so far. */
  readonly openInputs: Map<string, { readonly tool: string; text: string }>;
}

export const createFold = (): Fold => ({
  parts: [],
  steps: 0,
  finishedSteps: 0,
  openTexts: new Map(),
  openReasonings: new Map(),
  openInputs: new Map(),
});

export const isToolPart = (part: Part): part is ToolPart => part.type.startsWith("tool-");
const isDataPart = (part: Part): part is DataPart => part.type.startsWith("data-");

/** The parts after the last `step-start`. */
export const lastStepParts = (parts: readonly Part[]): Part[] =>
  parts.slice(parts.findLastIndex((part) => part.type === "step-start") + 1);

/** Whether a call has its last word: a result, or that it was not let run. */
export const isAnsweredPart = ({ state }: ToolPart): boolean =>
  state === "output-available" || state === "output-error" || state === "output-denied";

/** Tool calls that have no result yet. */
const unansweredCalls = (parts: readonly Part[]): ToolPart[] =>
  parts.filter((part) => isToolPart(part)).filter((part) => part.state !== "input-streaming" && !isAnsweredPart(part));

const metadata = (chunk: { providerMetadata?: TextPart["providerMetadata"] }) =>
  chunk.providerMetadata === undefined ? {} : { providerMetadata: chunk.providerMetadata };

const putTool = (fold: Fold, next: ToolPart): void => {
  const at = fold.parts.findLastIndex((part) => isToolPart(part) && part.toolCallId === next.toolCallId);
  if (at === -1) fold.parts.push(next);
  else fold.parts[at] = next;
};

/** What a call keeps when it gets its answer. */
export const toolIdentity = ({ type, toolCallId, input, providerExecuted, callProviderMetadata }: ToolPart) => ({
  type,
  toolCallId,
  input,
  ...(providerExecuted === undefined ? {} : { providerExecuted }),
  ...(callProviderMetadata === undefined ? {} : { callProviderMetadata }),
});

const approvedOf = ({ approval }: ToolPart) => {
  if (approval?.approved !== true) return {};
  const { id, reason } = approval;
  return { approval: { id, approved: true as const, ...(reason === undefined ? {} : { reason }) } };
};

const answerTool = (fold: Fold, callId: string, answer: { output: unknown } | { errorText: string }): void => {
  const call = fold.parts.findLast((part): part is ToolPart => isToolPart(part) && part.toolCallId === callId);
  if (call === undefined) return;
  const identity = { ...toolIdentity(call), ...approvedOf(call) };
  if ("output" in answer) putTool(fold, { ...identity, state: "output-available", output: answer.output });
  else putTool(fold, { ...identity, state: "output-error", errorText: answer.errorText });
};

type ApprovalChunk = Extract<
  Chunk,
  { type: "tool-approval-request" | "tool-approval-response" | "tool-output-denied" }
>;

const callOf = (fold: Fold, chunk: ApprovalChunk): ToolPart | undefined =>
  fold.parts
    .filter((part) => isToolPart(part))
    .findLast((part) =>
      "toolCallId" in chunk ? part.toolCallId === chunk.toolCallId : part.approval?.id === chunk.approvalId,
    );

const applyApproval = (fold: Fold, chunk: ApprovalChunk): void => {
  const call = callOf(fold, chunk);
  if (call === undefined) return;
  const identity = toolIdentity(call);
  switch (chunk.type) {
    case "tool-approval-request":
      return putTool(fold, { ...identity, state: "approval-requested", approval: { id: chunk.approvalId } });
    case "tool-approval-response": {
      const { approvalId: id, approved, reason } = chunk;
      const approval = { id, approved, ...(reason === undefined ? {} : { reason }) };
      return putTool(fold, { ...identity, state: "approval-responded", approval });
    }
    case "tool-output-denied": {
      if (call.state !== "approval-responded") return;
      const { id, reason } = call.approval;
      const approval = { id, approved: false as const, ...(reason === undefined ? {} : { reason }) };
      return putTool(fold, { ...identity, state: "output-denied", approval });
    }
  }
};

const putData = (fold: Fold, chunk: DataPart & { transient?: boolean }): void => {
  if (chunk.transient === true) return;
  const earlier = fold.parts.find(
    (part): part is DataPart => isDataPart(part) && part.type === chunk.type && part.id === chunk.id,
  );
  if (earlier !== undefined && chunk.id !== undefined) earlier.data = chunk.data;
  else fold.parts.push({ type: chunk.type, data: chunk.data, ...(chunk.id === undefined ? {} : { id: chunk.id }) });
};

const resetStep = (fold: Fold): void => {
  fold.parts.length -= lastStepParts(fold.parts).length;
  fold.openTexts.clear();
  fold.openReasonings.clear();
  fold.openInputs.clear();
};

type TextChunk = Extract<Chunk, { type: `text-${string}` } | { type: `reasoning-${"start" | "delta" | "end"}` }>;
type ToolChunk = Extract<Chunk, { type: `tool-${string}` }>;

const applyText = (fold: Fold, chunk: TextChunk): void => {
  const open = chunk.type.startsWith("text") ? fold.openTexts : fold.openReasonings;
  switch (chunk.type) {
    case "text-start": {
      const part: TextPart = { type: "text", text: "", state: "streaming", ...metadata(chunk) };
      fold.parts.push(part);
      fold.openTexts.set(chunk.id, part);
      return;
    }
    case "reasoning-start": {
      const part: ReasoningPart = { type: "reasoning", id: chunk.id, text: "", state: "streaming", ...metadata(chunk) };
      fold.parts.push(part);
      fold.openReasonings.set(chunk.id, part);
      return;
    }
    case "text-delta":
    case "reasoning-delta": {
      const part = open.get(chunk.id);
      if (part !== undefined) Object.assign(part, { text: part.text + chunk.delta }, metadata(chunk));
      return;
    }
    case "text-end":
    case "reasoning-end": {
      const part = open.get(chunk.id);
      const citations = "citations" in chunk ? { citations: chunk.citations } : {};
      if (part !== undefined) Object.assign(part, { state: "done" }, citations, metadata(chunk));
      open.delete(chunk.id);
    }
  }
};

const applyTool = (fold: Fold, chunk: ToolChunk): void => {
  switch (chunk.type) {
    case "tool-input-start":
      fold.openInputs.set(chunk.toolCallId, { tool: chunk.toolName, text: "" });
      return putTool(fold, {
        type: `tool-${chunk.toolName}`,
        toolCallId: chunk.toolCallId,
        state: "input-streaming",
        input: undefined,
      });
    case "tool-input-available": {
      const { toolName, toolCallId, input, providerExecuted, providerMetadata } = chunk;
      fold.openInputs.delete(toolCallId);
      return putTool(fold, {
        type: `tool-${toolName}`,
        toolCallId,
        state: "input-available",
        input,
        ...(providerExecuted === undefined ? {} : { providerExecuted }),
        ...(providerMetadata === undefined ? {} : { callProviderMetadata: providerMetadata }),
      });
    }
    case "tool-input-error": {
      const { toolName, toolCallId, input, errorText } = chunk;
      fold.openInputs.delete(toolCallId);
      return putTool(fold, { type: `tool-${toolName}`, toolCallId, state: "output-error", input, errorText });
    }
    case "tool-output-available":
      return answerTool(fold, chunk.toolCallId, { output: chunk.output });
    case "tool-output-error":
      return answerTool(fold, chunk.toolCallId, { errorText: chunk.errorText });
    case "tool-input-delta": {
      const open = fold.openInputs.get(chunk.toolCallId);
      if (open !== undefined) open.text += chunk.inputTextDelta;
      return;
    }
    case "tool-output-denied":
    case "tool-approval-request":
    case "tool-approval-response":
      return applyApproval(fold, chunk);
  }
};

const isTextChunk = (chunk: Chunk): chunk is TextChunk => /^(text|reasoning)-(start|delta|end)$/.test(chunk.type);
const isToolChunk = (chunk: Chunk): chunk is ToolChunk => chunk.type.startsWith("tool-");

/** Adds a chunk. Follows AI SDK 7 `readUIMessageStream`, which is its oracle in the tests. */
export const applyChunk = (fold: Fold, chunk: Chunk): void => {
  if (isTextChunk(chunk)) return applyText(fold, chunk);
  if (isToolChunk(chunk)) return applyTool(fold, chunk);
  switch (chunk.type) {
    case "start-step":
      fold.parts.push({ type: "step-start" });
      fold.steps += 1;
      return;
    case "finish-step":
      fold.finishedSteps += 1;
      return;
    case "reset-step":
      return resetStep(fold);
    case "source-url":
    case "source-document":
    case "file":
    case "reasoning-file":
    case "custom":
    case "steering-message":
      fold.parts.push({ ...chunk });
      return;
    default:
      if (chunk.type.startsWith("data-") && "data" in chunk) putData(fold, chunk);
  }
};

/** A question that is still open is answered by no. */
const closeCall = ({ toolCallId, state, approval }: ToolPart, errorText: string): Chunk[] => {
  if (state !== "approval-requested" || approval === undefined)
    return approval?.approved === false
      ? [{ type: "tool-output-denied", toolCallId }]
      : [{ type: "tool-output-error", toolCallId, errorText }];
  return [
    { type: "tool-approval-response", approvalId: approval.id, approved: false, reason: errorText },
    { type: "tool-output-denied", toolCallId },
  ];
};

/**
 * The chunks that close whatever is open, so that a message that stops here is well-formed: texts end, calls whose
 * input did not arrive or that have no result get `errorText`.
 */
export const closingChunks = (fold: Fold, errorText: string): Chunk[] => [
  ...[...fold.openReasonings.keys()].map((id): Chunk => ({ type: "reasoning-end", id })),
  ...[...fold.openTexts.keys()].map((id): Chunk => ({ type: "text-end", id })),
  ...[...fold.openInputs].map(([toolCallId, { tool: toolName }]): Chunk => ({
    type: "tool-input-error",
    toolCallId,
    toolName,
    input: {},
    errorText,
  })),
  ...unansweredCalls(fold.parts).flatMap((part) => closeCall(part, errorText)),
];
