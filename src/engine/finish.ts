import type { Claim } from "../completions/claim.ts";
import { estimateStoppedCall } from "../completions/ledger.ts";
import { recordEnd, type Outcome } from "../completions/progress.ts";
import { endingChunks, type Ending } from "../protocol/chunk.ts";
import { closingChunks, lastStepParts } from "../protocol/fold.ts";
import { ClaimLost } from "./claim-lost.ts";
import type { LogCloser } from "./close-logs.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { persist } from "./persist.ts";
import type { Recorder } from "./record.ts";

const endingOf = (outcome: Outcome): Ending => {
  switch (outcome.event) {
    case "finish":
      return { status: "completed", finishReason: outcome.finishReason };
    case "stop":
      return { status: "cancelled" };
    case "fail":
      return { status: "failed", message: outcome.error.message };
  }
};

/** Said of calls that have no result when their completion ends. */
const closingText = {
  finish: "The answer ended before this call did.",
  stop: "Stopped.",
  fail: "The answer failed before this call ended.",
};

export interface FinishOptions {
  readonly dependencies: EngineDependencies;
  readonly closer: LogCloser;
  readonly claim: Claim;
  readonly recorder: Recorder;
  /** The step whose model call is open. */
  readonly openStep: number | null;
  readonly signal: AbortSignal;
}

/**
 * Ends a completion: content into the log, then message, usage and status in one transaction, then the ending into the
 * log, then the next waiting send is woken.
 */
export const finish = async (
  { dependencies, closer, claim, recorder, openStep, signal }: FinishOptions,
  outcome: Outcome,
): Promise<void> => {
  const { database, queue, observer, models } = dependencies;
  recorder.emit(closingChunks(recorder.fold, closingText[outcome.event]));
  await recorder.flush();
  const { parts } = recorder.fold;
  if (openStep !== null) {
    await persist(dependencies, signal, "ledger.estimate", () =>
      estimateStoppedCall(database, claim, { step: openStep, parts: lastStepParts(parts) }, models.priceOf),
    );
  }
  const next = await persist(dependencies, signal, "completion.end", () => recordEnd(database, claim, outcome, parts));
  if (next === undefined) throw new ClaimLost("completion end");
  observer.ended?.({
    completionId: claim.completionId,
    status: endingOf(outcome).status,
    model: claim.model,
    usage: null,
  });
  if (next !== null) queue.push({ workspaceId: claim.workspaceId, completionId: next });
  await recorder.end(endingChunks(endingOf(outcome)));
  closer.closed(claim);
};
