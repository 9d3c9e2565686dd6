import type { Claim } from "../../completions/claim.ts";
import { publishHint } from "../../completions/hints.ts";
import { estimateStoppedCall, voidUnusedCall } from "../../completions/money/ledger.ts";
import { recordEnd, type EndingJob, type Outcome } from "../../completions/progress.ts";
import { createId } from "../../foundation/ids.ts";
import { endingChunks, type Ending, type Part } from "../../protocol/message/chunk.ts";
import { closingChunks, lastStepParts } from "../../protocol/message/fold.ts";
import { mapChunks } from "../../tools/mentioned-places.ts";
import { missingArtifactChunks } from "../../tools/shown-artifacts.ts";
import { ClaimLost } from "./claim-lost.ts";
import type { LogCloser } from "../log/close-logs.ts";
import type { EngineDependencies } from "../dependencies.ts";
import type { ClaimEnd, ClaimObserver } from "../observer.ts";
import { persist } from "./persist.ts";
import type { Recorder } from "../log/record.ts";

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

const claimEndOf = (outcome: Outcome): ClaimEnd => {
  switch (outcome.event) {
    case "finish":
      return { status: "completed" };
    case "stop":
      return { status: "cancelled" };
    case "fail":
      return { status: "failed", ...outcome.error };
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
  readonly observer: ClaimObserver;
  readonly recorder: Recorder;
  /** The step whose model call is open; null between calls. */
  readonly openStep: number | null;
  /** Whether the claim has called a model at all. */
  readonly hasCalled: boolean;
  /** The last message to be summarised when these parts are the answer; null: none. */
  readonly summaryDue: (answer: readonly Part[]) => string | null;
  readonly signal: AbortSignal;
}

/** The ledger's last word on a call that did not come to its end. */
const settleCall = async ({
  dependencies,
  claim,
  recorder,
  openStep,
  hasCalled,
  signal,
}: FinishOptions): Promise<void> => {
  const { database, models } = dependencies;
  if (!hasCalled) {
    await persist(dependencies, signal, "ledger.void", () => voidUnusedCall(database, claim));
  } else if (openStep !== null) {
    const stopped = { step: openStep, parts: lastStepParts(recorder.fold.parts) };
    await persist(dependencies, signal, "ledger.estimate", () =>
      estimateStoppedCall(database, claim, stopped, models.priceOf),
    );
  }
};

/** What an answer leaves to be done: a title, if it is the first one, and a summary, if the next one may need it. */
const orderJobs = (
  { dependencies: { givesTitles = false, givesSummaries = false }, claim, summaryDue }: FinishOptions,
  parts: readonly Part[],
): EndingJob[] => {
  const { completionId, model } = claim;
  const messageId = givesSummaries ? summaryDue(parts) : null;
  return [
    ...(givesTitles ? [{ id: createId(), kind: "title" as const }] : []),
    ...(messageId === null
      ? []
      : [{ id: createId(), kind: "summary" as const, payload: { messageId, completionId, model } }]),
  ];
};

/**
 * Ends a completion: content into the log, then message, usage and status in one transaction, then the ending into the
 * log, then the next waiting send is woken.
 */
export const finish = async (options: FinishOptions, outcome: Outcome): Promise<void> => {
  const { dependencies, closer, claim, observer, recorder, signal } = options;
  const { database, queue, signals } = dependencies;
  recorder.emit(closingChunks(recorder.fold, closingText[outcome.event]));
  recorder.emit([...mapChunks(recorder.fold.parts), ...missingArtifactChunks(recorder.fold.parts)]);
  await recorder.flush();
  await settleCall(options);
  const { parts } = recorder.fold;
  const ordered: Outcome = outcome.event === "finish" ? { ...outcome, jobs: orderJobs(options, parts) } : outcome;
  const ended = await persist(dependencies, signal, "completion.end", () => recordEnd(database, claim, ordered, parts));
  if (ended === undefined) throw new ClaimLost("completion end");
  observer.end(claimEndOf(outcome));
  if (ended.next !== null) queue.push({ workspaceId: claim.workspaceId, completionId: ended.next });
  publishHint(signals, ended.revision, { kind: "completion", id: claim.completionId });
  await recorder.end(endingChunks(endingOf(outcome)));
  closer.closed(claim);
};
