import fc from "fast-check";
import { ModelEventReader } from "../../engine/model/model-events.ts";
import { gateJson } from "../../foundation/text-gate.ts";
import { endingChunks, startChunk, type Chunk, type Part } from "../../protocol/message/chunk.ts";
import { applyChunk, closingChunks, createFold, type Fold } from "../../protocol/message/fold.ts";
import type { ModelEvent } from "../../protocol/agent/model.ts";
import type { CallApproval } from "../../protocol/approval.ts";
import type { CallOutcome, ToolCall } from "../../protocol/agent/tool.ts";
import { requestChunk, responseChunk, resultChunk } from "../../tools/answered-parts.ts";

/** An answer as the engine may tell it. */
export interface TellableAnswer {
  /** From `start` to the ending. */
  readonly chunks: readonly Chunk[];
  /** How many of them come before what closes and ends it. */
  readonly openLength: number;
}

const words = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("", "\n", "\u2028", "data: x\n\n", "😀", "\ud83d", "\ude00", "漢字", "</script>", "\0"),
);
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => gateJson(value));
const metadata = fc.option(fc.constantFrom({ openai: { id: "1" } }, { anthropic: { signature: "s" } }), {
  nil: undefined,
});
const withMetadata = (
  providerMetadata: { readonly [provider: string]: { readonly [key: string]: string } } | undefined,
) => (providerMetadata === undefined ? {} : { providerMetadata });

const blockEvents: fc.Arbitrary<ModelEvent[]> = fc
  .record({
    type: fc.constantFrom("text" as const, "reasoning" as const),
    id: fc.constantFrom("a", "b", "part-1"),
    deltas: fc.array(words, { minLength: 1, maxLength: 4 }),
    providerMetadata: metadata,
  })
  .map(({ type, id, deltas, providerMetadata }) => [
    ...deltas.map((delta) => ({ type, id, delta })),
    ...(providerMetadata === undefined ? [] : [{ type, id, delta: "", providerMetadata }]),
  ]);

/** The last event, the call itself, may come only when the model is done. */
const callEvents: fc.Arbitrary<{ events: ModelEvent[]; isLate: boolean }> = fc
  .record({
    callId: fc.uuid(),
    tool: fc.constantFrom("add", "look-up", "x_1"),
    input: json,
    deltas: fc.array(words, { maxLength: 3 }),
    isLate: fc.boolean(),
    providerMetadata: metadata,
  })
  .map(({ callId, tool, input, deltas, isLate, providerMetadata }) => ({
    isLate,
    events: [
      ...deltas.map((delta): ModelEvent => ({ type: "tool-input", callId, tool, delta })),
      { type: "tool-call", callId, tool, input, ...withMetadata(providerMetadata) },
    ],
  }));

const executedPart: fc.Arbitrary<Part> = fc
  .record({ toolCallId: fc.uuid(), input: json, output: json, isError: fc.boolean() })
  .map(({ toolCallId, input, output, isError }): Part => {
    const call = { type: "tool-search", toolCallId, providerExecuted: true, input } as const;
    return isError
      ? { ...call, state: "output-error", errorText: "failed" }
      : { ...call, state: "output-available", output };
  });

const file = fc.record({ mediaType: fc.constant("image/png"), url: fc.constant("data:image/png;base64,AA==") });

const part: fc.Arbitrary<Part> = fc.oneof(
  fc
    .record({ title: fc.option(words, { nil: undefined }), providerMetadata: metadata })
    .map(({ title, providerMetadata }): Part => ({
      type: "source-url",
      sourceId: "s",
      url: "https://example.org/",
      ...(title === undefined ? {} : { title }),
      ...withMetadata(providerMetadata),
    })),
  words.map((title): Part => ({
    type: "source-document",
    sourceId: "d",
    mediaType: "text/plain",
    title,
    filename: "a",
  })),
  file.map((each): Part => ({ type: "file", ...each })),
  file.map((each): Part => ({ type: "file", filename: "a.png", ...each })),
  file.map((each): Part => ({ type: "reasoning-file", ...each })),
  metadata.map((each): Part => ({ type: "custom", kind: "test.kind", ...withMetadata(each) })),
  fc
    .record({ id: fc.constantFrom(undefined, "p", "q"), data: json })
    .map(({ id, data }): Part => ({ type: "data-natter-progress", data, ...(id === undefined ? {} : { id }) })),
  executedPart,
);

interface Said {
  readonly events: readonly ModelEvent[];
  readonly late: readonly ModelEvent[];
}

const said: fc.Arbitrary<Said> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: blockEvents.map((events) => ({ events, isLate: false })) },
      { weight: 3, arbitrary: callEvents },
      {
        weight: 2,
        arbitrary: part.map((each) => ({ events: [{ type: "part" as const, part: each }], isLate: false })),
      },
    ),
    { maxLength: 5 },
  )
  .map((pieces) => ({
    events: pieces.flatMap(({ events, isLate }) => (isLate ? events.slice(0, -1) : events)),
    late: pieces.flatMap(({ events, isLate }) => (isLate ? events.slice(-1) : [])),
  }));

const outcome: fc.Arbitrary<CallOutcome> = fc.oneof(
  json.map((data): CallOutcome => ({ type: "completed", data })),
  words.map((message): CallOutcome => ({ type: "failed", message })),
  words.map((note): CallOutcome => ({ type: "pending", note })),
);

interface Step {
  /** Model calls that broke off and were made again. */
  readonly brokenOff: readonly Said[];
  readonly said: Said;
  readonly outcomes: readonly CallOutcome[];
  readonly decisions: readonly (CallApproval["decision"] | undefined)[];
  readonly reason: string | null;
  readonly isReversed: boolean;
}

const step: fc.Arbitrary<Step> = fc.record({
  brokenOff: fc.array(said, { maxLength: 2 }),
  said,
  outcomes: fc.array(outcome, { minLength: 6, maxLength: 6 }),
  decisions: fc.array(fc.constantFrom(undefined, "once", "always", "deny", "expired"), { minLength: 6, maxLength: 6 }),
  reason: fc.option(words),
  isReversed: fc.boolean(),
});

/** Asks a person before the call has its result, where there is a decision. */
const callChunks = (call: ToolCall, index: number, { outcomes, decisions, reason }: Step): Chunk[] => {
  const outcome = outcomes[index % outcomes.length] ?? { type: "pending", note: "" };
  const decision = decisions[index % decisions.length];
  if (decision === undefined) return [resultChunk({ ...call, outcome })];
  const approval: CallApproval = { id: `approval-${call.callId}`, callId: call.callId, decision, reason };
  const isDenied = decision === "deny" || decision === "expired";
  const result = resultChunk({ ...call, outcome: isDenied ? { type: "denied", reason } : outcome });
  return [requestChunk(approval), responseChunk(approval), result];
};

const stepChunks = (told: Step): Chunk[] => {
  const {
    brokenOff,
    said: { events, late },
    isReversed,
  } = told;
  const reader = new ModelEventReader(new Set());
  const chunks: Chunk[] = [{ type: "start-step" }];
  for (const broken of brokenOff)
    chunks.push(...new ModelEventReader(new Set()).read(broken.events), { type: "reset-step" });
  chunks.push(...reader.read(events), ...reader.read(late), ...reader.end());
  const results = reader.calls.map((call, index) => callChunks(call, index, told));
  return [...chunks, ...(isReversed ? results.toReversed() : results).flat(), { type: "finish-step" }];
};

export const foldChunks = (chunks: readonly Chunk[], fold: Fold = createFold()): Fold => {
  for (const chunk of chunks) applyChunk(fold, chunk);
  return fold;
};

const start = startChunk("message-1", {
  conversationId: "conversation",
  completionId: "completion",
  userMessageId: null,
  sequence: 2,
});

/** Answers that the engine can emit: finished ones, and ones that were stopped or failed at any chunk. */
export const tellableAnswer: fc.Arbitrary<TellableAnswer> = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
    cut: fc.nat({ max: 1_000 }),
    isCut: fc.boolean(),
    isFailed: fc.boolean(),
  })
  .map(({ steps, cut, isCut, isFailed }) => {
    const whole = [start, ...steps.flatMap(stepChunks)];
    if (!isCut)
      return {
        chunks: [...whole, ...endingChunks({ status: "completed", finishReason: "stop" })],
        openLength: whole.length,
      };
    const said = whole.slice(0, 1 + (cut % whole.length));
    const ending = isFailed ? ({ status: "failed", message: "failed" } as const) : ({ status: "cancelled" } as const);
    return {
      chunks: [...said, ...closingChunks(foldChunks(said), "Stopped."), ...endingChunks(ending)],
      openLength: said.length,
    };
  });
