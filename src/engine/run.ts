import type { Claim } from "../completions/claim.ts";
import { recordHandOver, recordSnapshot, type Outcome } from "../completions/progress.ts";
import { maxCrashes } from "../completions/state.ts";
import { asNatterError, NatterError } from "../foundation/errors.ts";
import { withFields } from "../foundation/logger.ts";
import type { Part } from "../protocol/message/chunk.ts";
import { lastStepParts } from "../protocol/message/fold.ts";
import { ClaimLost, requireClaim, RunStopped, type StopReason } from "./claim/claim-lost.ts";
import type { LogCloser } from "./log/close-logs.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { finish } from "./claim/finish.ts";
import { endingOnce, type ClaimObserver } from "./observer.ts";
import { parkRun } from "./claim/park-run.ts";
import { persist } from "./claim/persist.ts";
import { prepareTurn } from "./prepare-turn.ts";
import { noLag, type LogLag } from "./log/log-lag.ts";
import type { Recorder } from "./log/record.ts";
import { openRecorder, showSnapshot } from "./log/recover.ts";
import { runAgent } from "./run-agent.ts";
import type { ClaimTurn } from "./turn.ts";

const crashLoop = {
  code: "crash_loop",
  message: "The server was interrupted three times while it answered; try again, or ask something smaller.",
};

/** One claim being worked on, from the log's opening to the ending. */
export class Run {
  readonly claim: Claim;
  /** Resolves when nothing of it is left to do; never rejects. */
  readonly done: Promise<void>;
  readonly #dependencies: EngineDependencies;
  readonly #closer: LogCloser;
  readonly #observer: ClaimObserver;
  readonly #stopped = new AbortController();
  /** Not aborted by a cancel: what ends a cancelled completion must still be written. */
  readonly #lost = new AbortController();
  #turn: ClaimTurn | null = null;
  #recorder: Recorder | null = null;

  constructor(dependencies: EngineDependencies, closer: LogCloser, claim: Claim) {
    this.claim = claim;
    const { completionId, conversationId } = claim;
    const logger = withFields(dependencies.logger, () => ({ completionId, conversationId }));
    this.#dependencies = { ...dependencies, logger };
    this.#closer = closer;
    this.#observer = endingOnce(dependencies.observer.begin(claim));
    this.done = this.#work().catch((thrown: unknown) => this.#report(thrown));
  }

  /** What its log has not acknowledged yet. */
  get lag(): LogLag {
    return this.#recorder?.lag ?? noLag;
  }

  /** Ends it: `cancelled` for good, `handed-over` for another worker, `lost` without another word. */
  stop(reason: StopReason): void {
    if (reason === "lost") this.#lost.abort(new ClaimLost("told by the worker"));
    this.#stopped.abort(new RunStopped(reason));
  }

  async #work(): Promise<void> {
    const recorder = await openRecorder(this.#dependencies, this.claim, this.#lost.signal, () => this.stop("lost"));
    this.#recorder = recorder;
    const snapshots = setInterval(() => this.#keepSnapshot(recorder), this.#dependencies.snapshotMilliseconds).unref();
    try {
      const outcome = this.#settled(recorder) ?? (await this.#answer(recorder));
      if (outcome === "hand-over") await this.#handOver(recorder);
      else if (outcome === "park") await this.#park(recorder);
      else await this.#finish(recorder, outcome);
    } finally {
      clearInterval(snapshots);
    }
  }

  /** How the completion ends without being worked on; the snapshot stands for what a lost log had shown. */
  #settled(recorder: Recorder): Outcome | null {
    const isPoison = this.claim.crashes >= maxCrashes;
    if (!isPoison && !this.claim.isCancelled) return this.#refused();
    showSnapshot(recorder, this.claim);
    return this.claim.isCancelled ? { event: "stop" } : { event: "fail", error: crashLoop };
  }

  /** Before the first model call: a budget has no room for it. */
  #refused(): Outcome | null {
    return this.claim.refusal === null ? null : this.#failure(this.claim.refusal);
  }

  async #answer(recorder: Recorder): Promise<Outcome | "hand-over" | "park"> {
    const { signal } = this.#stopped;
    try {
      const claimed = { claim: this.claim, observer: this.#observer };
      this.#turn = await prepareTurn(this.#dependencies, claimed, recorder, signal);
      if (await this.#turn.isInterrupted()) throw this.#interrupted(recorder);
      const end = await runAgent(this.#dependencies, this.#turn, signal);
      if (end.status === "completed") return { event: "finish", finishReason: end.finishReason };
      if (end.status === "failed") throw end.error;
      if (this.#turn.hasQuestions) return "park";
      throw new NatterError("internal", "This agent waits for an answer, and has asked nobody.");
    } catch (thrown) {
      this.#lost.signal.throwIfAborted();
      if (thrown instanceof ClaimLost) throw thrown;
      if (signal.reason instanceof RunStopped)
        return signal.reason.reason === "cancelled" ? { event: "stop" } : "hand-over";
      return this.#failure(thrown);
    }
  }

  /** What earlier claims showed stays, also where its log is gone. */
  #interrupted(recorder: Recorder): NatterError {
    showSnapshot(recorder, this.claim);
    return new NatterError(
      "interrupted",
      "The server was interrupted while this agent answered, and it can't go on in the middle; try again.",
    );
  }

  #failure(thrown: unknown): Outcome {
    const { model } = this.claim;
    const { code, message, cause } = asNatterError(thrown);
    this.#dependencies.logger.error({ model, code, err: cause ?? thrown }, "a completion failed");
    return { event: "fail", error: { code, message } };
  }

  #finish(recorder: Recorder, outcome: Outcome): Promise<void> {
    const options = {
      dependencies: this.#dependencies,
      closer: this.#closer,
      claim: this.claim,
      observer: this.#observer,
      recorder,
      openStep: this.#turn?.openStep ?? null,
      hasCalled: this.#turn?.hasCalled === true || this.#turn?.foreign.hasCalled === true,
      summaryDue: (parts: readonly Part[]) => this.#turn?.summaryDue(parts) ?? null,
      signal: this.#lost.signal,
    };
    return finish(options, outcome);
  }

  #park(recorder: Recorder): Promise<void> {
    const [dependencies, claim, observer] = [this.#dependencies, this.claim, this.#observer];
    const questions = this.#turn?.questions ?? { approvalIds: [], callIds: [] };
    return parkRun({ dependencies, claim, observer, recorder, signal: this.#lost.signal }, questions);
  }

  async #handOver(recorder: Recorder): Promise<void> {
    await recorder.flush();
    await this.#snapshot(recorder);
    const { database } = this.#dependencies;
    requireClaim(
      await persist(this.#dependencies, this.#lost.signal, "hand-over", () => recordHandOver(database, this.claim)),
      "hand-over",
    );
    this.#observer.end({ status: "handed-over" });
  }

  /** False when the claim is lost. */
  async #snapshot(recorder: Recorder): Promise<boolean> {
    const step = this.#turn?.unstoredStep ?? null;
    if (step === null) return true;
    const { io, database } = this.#dependencies;
    return io("snapshot", () => recordSnapshot(database, this.claim, step, lastStepParts(recorder.fold.parts)));
  }

  async #keepSnapshot(recorder: Recorder): Promise<void> {
    try {
      if (!(await this.#snapshot(recorder))) this.stop("lost");
    } catch (err) {
      this.#dependencies.logger.warn({ err }, "a snapshot could not be stored");
    }
  }

  #report(thrown: unknown): void {
    const { fence } = this.claim;
    const { logger } = this.#dependencies;
    if (thrown instanceof ClaimLost) {
      logger.info({ fence, why: thrown.message }, "claim lost");
      this.#observer.end({ status: "lost" });
    } else {
      logger.error({ fence, err: thrown }, "a run broke off; its lease will run out and another worker take over");
      this.#observer.end({ status: "broken", thrown });
    }
  }
}
