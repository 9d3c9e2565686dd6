import { setTimeout as sleep } from "node:timers/promises";
import { claimNext, takeOver, type Claim, type ClaimOptions } from "../completions/claim.ts";
import { listCancelled, prolongLeases } from "../completions/progress.ts";
import type { CompletionKey } from "../ports/queue.ts";
import { createLogCloser } from "./close-logs.ts";
import { estimateBranch } from "./context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { repeat, type Repetition } from "./repeat.ts";
import { startRun, type Run } from "./run.ts";

export interface WorkerOptions {
  /** Completions at once, at most. */
  readonly concurrency: number;
  /** Seconds between two looks at the database for what a lost signal would have said. */
  readonly pollSeconds: number;
}

/** Claims completions and works on them. */
export interface Worker {
  start(): Promise<void>;
  /** Claims nothing more, gives what runs `seconds` to end, and hands the rest over. */
  drain(seconds: number): Promise<void>;
  readonly running: number;
}

/** What a hand-over may take: one flush, one snapshot, one statement. */
const handOverSeconds = 5;

const readKey = (payload: string): CompletionKey | undefined => {
  const key: unknown = JSON.parse(payload);
  if (typeof key !== "object" || key === null || !("workspaceId" in key) || !("completionId" in key)) return undefined;
  const { workspaceId, completionId } = key;
  return typeof workspaceId === "string" && typeof completionId === "string" ? { workspaceId, completionId } : undefined;
};

export const createClaimOptions = (dependencies: EngineDependencies): ClaimOptions => ({
  lease: { workerId: dependencies.workerId, seconds: dependencies.leaseSeconds },
  contextMessages: (agent) => dependencies.agents.get(agent)?.contextMessages ?? 1,
  estimateInput: ({ agent, settings }, branch) => {
    const own = dependencies.agents.get(agent)?.instructions;
    const instructions = `${typeof own === "string" ? own : ""}${settings.instructions ?? ""}`;
    return estimateBranch(dependencies.models, branch) + dependencies.models.estimateTokens(instructions);
  },
  priceOf: dependencies.models.priceOf,
});

export const createWorker = (dependencies: EngineDependencies, { concurrency, pollSeconds }: WorkerOptions): Worker => {
  const { database, queue, signals, io, logger } = dependencies;
  const runs = new Map<string, Run>();
  const closer = createLogCloser(dependencies);
  const claimOptions = createClaimOptions(dependencies);
  let isDraining = false;
  let claiming = 0;
  /** There may be work that nobody was free for. */
  let isBehind = false;
  let stops: (() => void)[] = [];
  let repetitions: Repetition[] = [];

  const isFull = (): boolean => runs.size + claiming >= concurrency;

  const begin = (claim: Claim): void => {
    const run = startRun(dependencies, closer, claim);
    // an earlier claim of the same completion may still be winding up here
    runs.get(claim.completionId)?.stop("lost");
    runs.set(claim.completionId, run);
    dependencies.observer.claimed?.(claim);
    void run.done.then(() => {
      if (runs.get(claim.completionId) === run) runs.delete(claim.completionId);
      if (isBehind) void catchUp();
    });
  };

  /** True when something was claimed. */
  const claimWith = async (label: string, claim: () => Promise<Claim | null>): Promise<boolean> => {
    if (isDraining) return false;
    if (isFull()) {
      isBehind = true;
      return false;
    }
    claiming += 1;
    try {
      const claimed = await io(label, claim);
      if (claimed !== null) begin(claimed);
      return claimed !== null;
    } catch (thrown) {
      logger.warn({ err: thrown }, "claiming failed; the next poll tries again");
      return false;
    } finally {
      claiming -= 1;
    }
  };

  const catchUp = async (): Promise<void> => {
    isBehind = false;
    while (await claimWith("claim.next", () => claimNext(database, undefined, claimOptions)));
  };

  const wake = (key?: CompletionKey): void => {
    if (key === undefined) void catchUp();
    else void claimWith("claim.key", () => claimNext(database, key, claimOptions));
  };

  const cancel = (key: CompletionKey): void => runs.get(key.completionId)?.stop("cancelled");

  const renew = async (): Promise<void> => {
    if (runs.size === 0) return;
    const held = await io("lease.renew", () => prolongLeases(database, claimOptions.lease, [...runs.keys()]));
    const fences = new Map(held.map(({ completionId, fence }) => [completionId, fence]));
    for (const [completionId, run] of runs) {
      const fence = fences.get(completionId);
      if (fence !== undefined && fence !== run.claim.fence) run.stop("lost");
    }
  };

  const poll = async (): Promise<void> => {
    while (await claimWith("claim.expired", () => takeOver(database, claimOptions)));
    for (const key of await io("cancel.list", () => listCancelled(database, dependencies.workerId))) cancel(key);
    await closer.sweep();
  };

  /** Waits until nothing runs, or the time is over. */
  const allDone = async (seconds: number): Promise<void> => {
    const deadline = new AbortController();
    const ended = Promise.all([...runs.values()].map(({ done }) => done)).then(() => deadline.abort());
    await Promise.race([ended, sleep(seconds * 1000, undefined, { signal: deadline.signal }).catch(() => {})]);
  };

  const onError = (what: string) => (thrown: unknown) => logger.warn({ err: thrown }, `${what} failed; it is tried again`);

  return {
    async start() {
      stops = [
        await signals.subscribe("cancel", (payload) => {
          const key = readKey(payload);
          if (key !== undefined) cancel(key);
        }),
        await queue.consume(wake),
      ];
      repetitions = [
        repeat(pollSeconds * 1000, poll, onError("polling")),
        repeat((dependencies.leaseSeconds * 1000) / 3, renew, onError("renewing the leases")),
      ];
    },
    async drain(seconds) {
      isDraining = true;
      for (const unsubscribe of stops) unsubscribe();
      await allDone(seconds);
      for (const run of runs.values()) run.stop("handed-over");
      await allDone(handOverSeconds);
      for (const run of runs.values()) run.stop("lost");
      await Promise.all(repetitions.map((repetition) => repetition.stop()));
      await closer.flush();
    },
    get running() {
      return runs.size;
    },
  };
};
