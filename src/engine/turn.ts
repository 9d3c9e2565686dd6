import type { Claim } from "../completions/claim.ts";
import { openCall } from "../completions/ledger.ts";
import { recordModelDone } from "../completions/progress.ts";
import type { Agent } from "../protocol/agent.ts";
import { lastStepParts } from "../protocol/fold.ts";
import type { ModelCall, ModelEnd, ModelMessage, Usage } from "../protocol/model.ts";
import type { ToolCall, ToolResult } from "../protocol/tool.ts";
import type { StoredStep, Turn, TurnCompletion } from "../protocol/turn.ts";
import { requireClaim } from "./claim-lost.ts";
import { estimateCall, estimateParts } from "./context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { createModelEventReader } from "./model-events.ts";
import { persist } from "./persist.ts";
import type { Recorder } from "./record.ts";
import { executeCall } from "./tool-calls.ts";

export interface TurnOptions {
  readonly dependencies: EngineDependencies;
  readonly claim: Claim;
  readonly agent: Agent;
  readonly completion: TurnCompletion;
  readonly instructions: string | undefined;
  readonly messages: readonly ModelMessage[];
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
  /** Told when the step that is open begins; there is none between steps. */
  readonly onStep: (step: number | null) => void;
}

/** The turn that a runner drives: every model call and tool call of a claim passes here, with its two checkpoints. */
export const createTurn = (options: TurnOptions): Turn => {
  const { dependencies, claim, recorder, signal } = options;
  const { database, io, models } = dependencies;
  const steps: StoredStep[] = [...claim.steps];
  const usedCallIds = new Set(steps.flatMap((step) => step.calls.map(({ callId }) => callId)));

  const usageOf = (call: ModelCall, end: ModelEnd): Usage =>
    end.usage ?? { inputTokens: estimateCall(models, call), outputTokens: estimateParts(models, lastStepParts(recorder.fold.parts)), estimated: true };

  const model: Turn["model"] = async (call) => {
    const step = steps.length + 1;
    // the claim opened the entry of a first step in its own transaction
    if (step > 1 || claim.isTakeOver) {
      const inputTokens = estimateCall(models, call);
      await persist(dependencies, signal, "ledger.open", () => openCall(database, claim, step, inputTokens, models.priceOf));
    }
    recorder.stage([{ type: recorder.fold.steps >= step ? "reset-step" : "start-step" }]);
    options.onStep(step);
    const reader = createModelEventReader(usedCallIds);
    const end = await io("model.call", () =>
      models.driver(call.model).stream(call, signal, (events) => {
        if (!signal.aborted) recorder.emit(reader.read(events));
      }),
    );
    signal.throwIfAborted();
    recorder.stage(reader.end());
    await recorder.flush();
    const parts = lastStepParts(recorder.fold.parts);
    const done = { step, parts, calls: reader.calls, end, usage: usageOf(call, end) };
    requireClaim(await persist(dependencies, signal, "model.done", () => recordModelDone(database, claim, done, models.priceOf)), "model done");
    options.onStep(null);
    for (const { callId } of reader.calls) usedCallIds.add(callId);
    steps.push({ step, parts, calls: reader.calls, results: [], end });
    if (reader.calls.length === 0) recorder.stage([{ type: "finish-step" }]);
    return { ...end, calls: reader.calls };
  };

  const resultOf = async (step: StoredStep, call: ToolCall): Promise<ToolResult> => {
    const known = step.results.find(({ callId }) => callId === call.callId);
    return known ?? executeCall(options, step.step, call);
  };

  const execute: Turn["execute"] = async (calls) => {
    const at = steps.findLastIndex((candidate) => calls.some(({ callId }) => candidate.calls.some((call) => call.callId === callId)));
    const step = steps[at];
    if (step === undefined) return { waiting: false, results: [] };
    const results = await Promise.all(calls.map((call) => resultOf(step, call)));
    steps[at] = { ...step, results };
    if (recorder.fold.finishedSteps < step.step) recorder.emit([{ type: "finish-step" }]);
    return { waiting: false, results };
  };

  return {
    completion: options.completion,
    agent: options.agent,
    instructions: options.instructions,
    messages: options.messages,
    settings: { ...options.agent.settings, ...claim.settings },
    steps,
    model,
    execute,
    checkpoint: () => recorder.flush(),
  };
};
