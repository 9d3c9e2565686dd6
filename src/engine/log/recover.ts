import type { Claim } from "../../completions/claim.ts";
import type { ChunkLog, LogHead } from "../../ports/chunk-log.ts";
import type { CallApproval } from "../../protocol/approval.ts";
import type { Chunk, Part } from "../../protocol/message/chunk.ts";
import { applyChunk, createFold, isAnsweredPart, isToolPart, type Fold } from "../../protocol/message/fold.ts";
import { parseFrames } from "../../protocol/message/frames.ts";
import { formatOf, isOwnFormat, logFormat } from "../../protocol/message/log-format.ts";
import type { StoredStep } from "../../protocol/agent/turn.ts";
import { unfold } from "../../protocol/message/unfold.ts";
import { answeredParts, requestChunk, responseChunk, resultChunk } from "../../tools/answered-parts.ts";
import { ClaimLost } from "../claim/claim-lost.ts";
import type { EngineDependencies } from "../dependencies.ts";
import { Recorder } from "./record.ts";

const pageBytes = 1_048_576;

/** What the log holds, folded; null when it does not begin at position 1 (its memory was lost, or it was trimmed). */
const foldLog = async (log: ChunkLog, id: string, last: number): Promise<Fold | null> => {
  const fold = createFold();
  let position = 0;
  while (position < last) {
    const page = await log.read(id, position, pageBytes);
    for (const entry of page?.entries ?? []) {
      if (entry.first !== position + 1) return null;
      for (const frame of parseFrames(entry.frames)) applyChunk(fold, frame.chunk);
      position = entry.last;
    }
    if (page === null || page.entries.length === 0) return null;
  }
  return fold;
};

const partOf = (fold: Fold, callId: string) =>
  fold.parts.filter((part) => isToolPart(part)).find((part) => part.toolCallId === callId);

const isAnswered = (fold: Fold, callId: string): boolean => {
  const part = partOf(fold, callId);
  return part !== undefined && isAnsweredPart(part);
};

/** What the log does not show yet of a question. */
const missingOf = (fold: Fold, approval: CallApproval): Chunk[] => {
  const part = partOf(fold, approval.callId);
  if (part === undefined || isAnsweredPart(part)) return [];
  const request = part.approval === undefined ? [requestChunk(approval)] : [];
  const isTold = approval.decision === null || part.approval?.approved !== undefined;
  return isTold ? request : [...request, responseChunk(approval)];
};

const isComplete = (step: StoredStep): boolean => step.results.length === step.calls.length;

/** Markers of rows that exist, which the log should hold and an interrupted worker did not append. */
const appendMissingMarkers = (recorder: Recorder, { steps, approvals, results }: Claim): void => {
  if (recorder.fold.parts.length === 0) recorder.emit(results);
  recorder.emit(approvals.flatMap((approval) => missingOf(recorder.fold, approval)));
  for (const step of steps) {
    recorder.emit(step.results.filter(({ callId }) => !isAnswered(recorder.fold, callId)).map(resultChunk));
    if (isComplete(step) && recorder.fold.finishedSteps < step.step) recorder.emit([{ type: "finish-step" }]);
  }
};

/** The parts that the rows add up to: what the claim carried, then the finished steps. */
const storedParts = ({ steps, approvals, results }: Claim): Part[] => [
  ...results,
  ...steps.flatMap((step): Part[] => [{ type: "step-start" }, ...answeredParts(step.parts, step.results, approvals)]),
];

/** The log of another version is not read, and never added to: it counts as lost. */
const isReadable = ({ logger }: EngineDependencies, { completionId }: Claim, { epoch, last }: LogHead): boolean => {
  if (last === 0) return false;
  if (isOwnFormat(epoch)) return true;
  const formats = { completionId, format: formatOf(epoch), own: logFormat };
  logger.error(formats, "a log of another version is refused; the answer goes on from its rows in a new one");
  return false;
};

/** Opens the log of a claim and brings it to what the rows say (promise 4): a log that is there goes on, one that was lost begins a new epoch. */
export const openRecorder = async (
  dependencies: EngineDependencies,
  claim: Claim,
  signal: AbortSignal,
  onLost: () => void,
): Promise<Recorder> => {
  const { log, io } = dependencies;
  const id = claim.completionId;
  const open = async (fresh: boolean): Promise<LogHead> => {
    const head = await io("log.open", () => log.open(id, claim.fence, { fresh }));
    if (head === null) throw new ClaimLost("the log has a higher fence");
    return head;
  };
  const recorderOf = (head: LogHead, fold: Fold): Recorder =>
    new Recorder({
      log,
      id,
      fence: claim.fence,
      head,
      fold,
      start: claim.start,
      io,
      clock: dependencies.flushClock,
      logger: dependencies.logger,
      signal,
      onLost,
    });

  const head = await open(false);
  const fold = !isReadable(dependencies, claim, head) ? null : await io("log.read", () => foldLog(log, id, head.last));
  if (fold !== null && fold.steps >= claim.steps.length) {
    const recorder = recorderOf(head, fold);
    appendMissingMarkers(recorder, claim);
    return recorder;
  }
  const recorder = recorderOf(head.last === 0 && isOwnFormat(head.epoch) ? head : await open(true), createFold());
  recorder.stage([claim.start]);
  const parts = storedParts(claim);
  const lastStep = claim.steps.at(-1);
  const chunks = unfold(parts);
  recorder.emit(lastStep === undefined || isComplete(lastStep) ? chunks : chunks.slice(0, -1));
  return recorder;
};

/** Shows what a snapshot kept of the open step, where the log that showed it is gone and the step will not be done again. */
export const showSnapshot = (recorder: Recorder, claim: Claim): void => {
  const { snapshot } = claim;
  if (snapshot === null || snapshot.step !== recorder.fold.steps + 1) return;
  recorder.emit([{ type: "start-step" }, ...unfold(snapshot.parts)]);
};
