import type { Claim } from "../completions/claim.ts";
import { recordHandOver, recordSnapshot, type Outcome } from "../completions/progress.ts";
import { maxCrashes } from "../completions/state.ts";
import { asNatterError, NatterError } from "../foundation/errors.ts";
import { lastStepParts } from "../protocol/fold.ts";
import type { TurnEnd } from "../protocol/turn.ts";
import { ClaimLost, requireClaim, RunStopped, type StopReason } from "./claim-lost.ts";
import type { LogCloser } from "./close-logs.ts";
import { createContext } from "./context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { finish } from "./finish.ts";
import { persist } from "./persist.ts";
import type { Recorder } from "./record.ts";
import { openRecorder, showSnapshot } from "./recover.ts";
import { createTurn } from "./turn.ts";

/** A claim being worked on. */
export interface Run {
  readonly claim: Claim;
  /** Ends it: `cancelled` for good, `handed-over` for another worker, `lost` without another word. */
  stop(reason: StopReason): void;
  /** Resolves when nothing of it is left to do; never rejects. */
  readonly done: Promise<void>;
}

const crashLoop = new NatterError("crash_loop", "The server was interrupted three times while it answered; try again, or ask something smaller.");

const outcomeOf = (end: TurnEnd): Outcome => {
  switch (end.status) {
    case "completed":
      return { event: "finish", finishReason: end.finishReason };
    case "failed":
      return { event: "fail", error: { code: end.error.code, message: end.error.message } };
    case "waiting":
      return { event: "fail", error: { code: "internal", message: "This agent asked to wait, which this server cannot do yet." } };
  }
};

export const startRun = (dependencies: EngineDependencies, closer: LogCloser, claim: Claim): Run => {
  const { database, io, agents, models, logger } = dependencies;
  const controller = new AbortController();
  const { signal } = controller;
  /** Not aborted by a cancel: what ends a cancelled completion must still be written. */
  const lost = new AbortController();
  let openStep: number | null = null;

  const stop = (reason: StopReason): void => {
    if (reason === "lost") lost.abort(new ClaimLost("told by the worker"));
    controller.abort(new RunStopped(reason));
  };

  const answer = async (recorder: Recorder): Promise<TurnEnd> => {
    const agent = agents.get(claim.agent);
    if (agent === undefined) throw new NatterError("unprocessable", `The agent "${claim.agent}" is not configured any more.`);
    const { workspaceId, conversationId, messageId, userId, model } = claim;
    const completion = { id: claim.completionId, workspaceId, conversationId, messageId, userId, model };
    const own = typeof agent.instructions === "function" ? await agent.instructions(completion) : agent.instructions;
    const context = createContext(models, claim.branch, { messages: agent.contextMessages, tokens: models.contextTokens(model) });
    const instructions = [own, claim.settings.instructions, ...context.systemTexts].filter(Boolean).join("\n\n");
    const turn = createTurn({
      dependencies,
      claim,
      agent,
      completion,
      instructions: instructions === "" ? undefined : instructions,
      messages: context.messages,
      recorder,
      signal,
      onStep: (step) => (openStep = step),
    });
    return agent.runner.run(turn, signal, recorder.emit);
  };

  /** Null: it goes to another worker. */
  const decide = async (recorder: Recorder): Promise<Outcome | null> => {
    if (claim.crashes >= maxCrashes) return { event: "fail", error: { code: crashLoop.code, message: crashLoop.message } };
    if (claim.isCancelled) return { event: "stop" };
    try {
      return outcomeOf(await answer(recorder));
    } catch (thrown) {
      if (thrown instanceof ClaimLost || lost.signal.aborted) throw thrown;
      if (signal.reason instanceof RunStopped) return signal.reason.reason === "cancelled" ? { event: "stop" } : null;
      const error = asNatterError(thrown);
      logger.error({ completionId: claim.completionId, model: claim.model, code: error.code, err: error.cause ?? error }, "a completion failed");
      return { event: "fail", error: { code: error.code, message: error.message } };
    }
  };

  const snapshot = (recorder: Recorder): Promise<boolean> =>
    openStep === null ? Promise.resolve(true) : io("snapshot", () => recordSnapshot(database, claim, openStep ?? 0, lastStepParts(recorder.fold.parts)));

  const keepSnapshots = (recorder: Recorder): NodeJS.Timeout =>
    setInterval(() => {
      snapshot(recorder).then(
        (isHeld) => (isHeld ? undefined : stop("lost")),
        (thrown: unknown) => logger.warn({ completionId: claim.completionId, err: thrown }, "a snapshot could not be stored"),
      );
    }, dependencies.snapshotMilliseconds);

  const work = async (): Promise<void> => {
    const recorder = await openRecorder(dependencies, claim, lost.signal, () => stop("lost"));
    const isEnding = claim.crashes >= maxCrashes || claim.isCancelled;
    if (isEnding) showSnapshot(recorder, claim);
    const timer = keepSnapshots(recorder);
    try {
      const outcome = await decide(recorder);
      if (outcome !== null) return await finish({ dependencies, closer, claim, recorder, openStep, signal: lost.signal }, outcome);
      await recorder.flush();
      await snapshot(recorder);
      requireClaim(await persist(dependencies, lost.signal, "hand-over", () => recordHandOver(database, claim)), "hand-over");
    } finally {
      clearInterval(timer);
    }
  };

  const done = work().catch((thrown: unknown) => {
    if (thrown instanceof ClaimLost) logger.info({ completionId: claim.completionId, fence: claim.fence, why: thrown.message }, "claim lost");
    else logger.error({ completionId: claim.completionId, fence: claim.fence, err: thrown }, "a run ended without an ending; its lease will run out");
  });
  return { claim, stop, done };
};
