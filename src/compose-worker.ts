import type { ResolvedConfig } from "./config/load-config.ts";
import { createFlushClock } from "./engine/flush-clock.ts";
import { Worker } from "./engine/worker.ts";
import { createId } from "./foundation/ids.ts";
import { directIo } from "./foundation/io.ts";
import type { Logger } from "./foundation/logger.ts";
import type { Metrics } from "./http/metrics.ts";
import type { AgentDirectory } from "./protocol/agent.ts";
import type { Providers } from "./providers/registry.ts";
import type { Stores } from "./stores.ts";

export interface WorkerParts {
  readonly stores: Stores;
  readonly providers: Providers;
  readonly agents: AgentDirectory;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const snapshotMilliseconds = 2_000;

/** The worker of a node whose role has one; null on a node that only serves. */
export const composeWorker = (
  { worker, stores: { logRetentionSeconds } }: ResolvedConfig,
  parts: WorkerParts,
): Worker | null => {
  const { stores, providers, agents, metrics, logger } = parts;
  if (worker.role === "web") return null;
  const { database, log, queue, signals } = stores;
  return new Worker(
    {
      database,
      log,
      queue,
      signals,
      agents,
      models: providers,
      logger,
      io: directIo,
      flushClock: createFlushClock(),
      observer: {
        ended: (status) => metrics.countCompletion(status),
        firstToken: (seconds) => metrics.observeFirstToken(seconds),
      },
      workerId: createId(),
      leaseSeconds: worker.leaseSeconds,
      logRetentionSeconds,
      snapshotMilliseconds,
    },
    { concurrency: worker.concurrency, pollSeconds: worker.pollSeconds },
  );
};
