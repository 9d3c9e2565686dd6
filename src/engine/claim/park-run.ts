import type { Claim } from "../../completions/claim.ts";
import { publishHint } from "../../completions/hints.ts";
import { park, type OpenQuestions } from "../../completions/park.ts";
import { announceResumed } from "../../completions/resume.ts";
import { ClaimLost } from "./claim-lost.ts";
import type { EngineDependencies } from "../dependencies.ts";
import type { ClaimObserver } from "../observer.ts";
import { persist } from "./persist.ts";
import type { Recorder } from "../log/record.ts";

export interface ParkOptions {
  readonly dependencies: EngineDependencies;
  readonly claim: Claim;
  readonly observer: ClaimObserver;
  readonly recorder: Recorder;
  readonly signal: AbortSignal;
}

/** Leaves a completion to whoever answers its questions: no lease, no slot, no `finish`; the log stays as it is. */
export const parkRun = async (options: ParkOptions, questions: OpenQuestions): Promise<void> => {
  const { dependencies, claim, observer, recorder, signal } = options;
  const { database, signals } = dependencies;
  await recorder.flush();
  const { parts } = recorder.fold;
  const parking = await persist(dependencies, signal, "completion.park", () => park(database, claim, questions, parts));
  if (parking.outcome === "lost") throw new ClaimLost("parking");
  if (parking.outcome === "parked") {
    observer.end({ status: "waiting" });
    publishHint(signals, parking.revision, { kind: "completion", id: claim.completionId });
  } else {
    observer.end({ status: "handed-over" });
    announceResumed(signals, claim);
  }
};
