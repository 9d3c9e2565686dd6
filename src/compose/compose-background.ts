import { publishHint } from "../completions/hints.ts";
import { createContinueHandler, type ContinueDependencies } from "../conversations/tool-executions/continue.ts";
import { persist } from "../engine/claim/persist.ts";
import { repeat, type Repetition } from "../engine/claim/repeat.ts";
import type { Io } from "../foundation/io.ts";
import type { Logger } from "../foundation/logger.ts";
import { backgroundKind, continueKind } from "../jobs/job.ts";
import { JobLoop } from "../jobs/job-loop.ts";
import type { AgentDirectory } from "../protocol/agent/agent.ts";
import { BackgroundRuns } from "../tools/background/background-runs.ts";
import { createExecutionContexts } from "../tools/background/execution-context.ts";
import { createContextSource, type ContextSource } from "../tools/context-source.ts";

export interface BackgroundParts extends ContinueDependencies {
  readonly agents: AgentDirectory;
  readonly logger: Logger;
  /** Makes what bodies get as `context`. Default: Natter's part alone. */
  readonly contexts?: ContextSource;
  readonly io: Io;
  readonly workerId: string;
  readonly leaseSeconds: number;
  readonly pollSeconds: number;
  /** Bodies at once, at most. */
  readonly concurrency: number;
  /** Seconds before the second attempt of a body; doubled for each one after. Default 5. */
  readonly backoffSeconds?: number;
}

/** What the writes of a hand-over may take. */
const handOverSeconds = 5;

/** What does the background tools of all conversations on this node. */
export interface BackgroundWorker {
  start(): Promise<void>;
  /** Claims nothing more, gives what runs `seconds` to end, and hands the rest over. */
  drain(seconds: number): Promise<void>;
}

const createRuns = (parts: BackgroundParts, signal: AbortSignal, wake: () => void): BackgroundRuns => {
  const { database, signals, agents, logger, io, backoffSeconds } = parts;
  const { contexts = createContextSource({ database, logger }) } = parts;
  return new BackgroundRuns({
    database,
    agents,
    logger,
    contextOf: createExecutionContexts(database, contexts),
    io,
    persist: (label, write) => persist({ io, logger }, signal, label, write),
    tell: (revision, id) => publishHint(signals, revision, { kind: "tool-execution", id }),
    wake,
    ...(backoffSeconds === undefined ? {} : { backoffSeconds }),
  });
};

/** The loop over background tools and what goes on with their results. */
export const composeBackground = (parts: BackgroundParts): BackgroundWorker => {
  const { signals, logger, pollSeconds } = parts;
  const gone = new AbortController();
  const runs = createRuns(parts, gone.signal, () => loop.wake());
  const loop = new JobLoop({
    ...parts,
    handlers: {
      [backgroundKind]: (job, signal) => runs.run(job, signal),
      [continueKind]: createContinueHandler(parts),
    },
    maxAttempts: Number.POSITIVE_INFINITY,
    backoffSeconds: 1,
  });
  const warn = (err: unknown): void => logger.warn({ err }, "looking after background tools failed; it is tried again");
  let polling: Repetition | undefined;
  let unsubscribe: (() => void) | undefined;
  return {
    async start() {
      unsubscribe = await signals.subscribe("background", () => {
        loop.wake();
        runs.look().catch(warn);
      });
      polling = repeat(pollSeconds * 1_000, () => runs.look(), warn);
      loop.start();
    },
    async drain(seconds) {
      unsubscribe?.();
      const leave = setTimeout(() => gone.abort(new Error("the worker goes")), (seconds + handOverSeconds) * 1_000);
      await loop.drain(seconds);
      clearTimeout(leave);
      await polling?.stop();
    },
  };
};
