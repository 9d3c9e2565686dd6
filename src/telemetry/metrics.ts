import type { Backlog } from "../completions/backlog.ts";
import type { EngineObserver } from "../engine/observer.ts";
import type { LogLag } from "../engine/log/log-lag.ts";
import type { Logger } from "../foundation/logger.ts";
import type { HttpMetrics, Viewers } from "../http/metrics.ts";
import type { ProviderObserver } from "../providers/guards/observe-calls.ts";
import { createEngineMetrics } from "./engine-metrics.ts";
import { createFamilies, type Families } from "./families.ts";
import { createBacklogReader } from "./read-backlog.ts";

/** How the connections of one pool are used. */
export interface PoolState {
  readonly inUse: number;
  readonly waiting: number;
  readonly size: number;
}

export interface MetricsOptions {
  /** Asks the database what all nodes have before them; may fail. */
  readonly backlog: () => Promise<Backlog>;
  /** By the name of the pool. */
  readonly pools: () => Readonly<Record<string, PoolState>>;
  readonly logger: Logger;
}

/** What a worker of this node has at hand. */
export interface WorkerState {
  readonly running: number;
  readonly lag: LogLag;
}

/** What this node counts, for Prometheus. Every label takes a bounded number of values. */
export interface Metrics extends HttpMetrics {
  readonly engine: EngineObserver;
  readonly providers: ProviderObserver;
  /** A message was accepted, and not before. */
  countAccepted(): void;
  /** Says where the work of this node is counted. */
  watchWorker(read: () => WorkerState): void;
}

const idle: WorkerState = { running: 0, lag: { positions: 0, milliseconds: 0 } };

const collectBacklog = (families: Families, backlog: Backlog | null): void => {
  families.databaseUp.set(backlog === null ? 0 : 1);
  families.queueDepth.reset();
  families.dueAge.reset();
  families.leaseAge.reset();
  if (backlog === null) return;
  families.queueDepth.set({ status: "queued" }, backlog.queued);
  families.queueDepth.set({ status: "running" }, backlog.running);
  families.queueDepth.set({ status: "waiting" }, backlog.waiting);
  families.dueAge.set(backlog.dueSeconds);
  families.leaseAge.set(backlog.leaseAgeSeconds);
};

const collectViewers = (families: Families, viewers: readonly Viewers[]): void => {
  for (const { transport, open, backlogBytes, worstBacklogBytes } of viewers) {
    families.viewers.set({ transport }, open);
    families.viewerBacklog.set({ transport }, backlogBytes);
    families.worstViewerBacklog.set({ transport }, worstBacklogBytes);
  }
};

const collectNode = (families: Families, pools: Readonly<Record<string, PoolState>>, worker: WorkerState): void => {
  families.running.set(worker.running);
  families.logLagPositions.set(worker.lag.positions);
  families.logLagSeconds.set(worker.lag.milliseconds / 1000);
  for (const [pool, { inUse, waiting, size }] of Object.entries(pools)) {
    families.connections.set({ pool, state: "in_use" }, inUse);
    families.connections.set({ pool, state: "waiting" }, waiting);
    families.connectionsMax.set({ pool }, size);
  }
};

/** Loads prom-client only here: an application that mounts Natter doesn't pay for it when it starts. */
export const createMetrics = async ({ backlog, pools, logger }: MetricsOptions): Promise<Metrics> => {
  const { registry, families } = createFamilies(await import("prom-client"));
  const readBacklog = createBacklogReader(backlog, logger);
  let readViewers = (): readonly Viewers[] => [];
  let readWorker = (): WorkerState => idle;
  return {
    engine: createEngineMetrics(families),
    providers: {
      called: (provider, outcome) => families.providerCalls.inc({ provider, outcome }),
      circuit: (provider, state) => families.circuitOpen.set({ provider }, state === "closed" ? 0 : 1),
    },
    countAccepted: () => families.accepted.inc(),
    countRequest: (route, method, status) => families.requests.inc({ route, method, status: String(status) }),
    watchViewers: (count) => void (readViewers = count),
    watchWorker: (read) => void (readWorker = read),
    async render() {
      collectBacklog(families, await readBacklog());
      collectViewers(families, readViewers());
      collectNode(families, pools(), readWorker());
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
};
