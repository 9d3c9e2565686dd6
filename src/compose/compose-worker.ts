import { composeErasing } from "./compose-erasing.ts";
import { composeWebhooks, type WebhookWorker } from "./compose-webhooks.ts";
import { composeBackground, type BackgroundWorker } from "./compose-background.ts";
import { composeSearch } from "./compose-search.ts";
import { publishHint } from "../completions/hints.ts";
import type { ResolvedConfig } from "../config/load-config.ts";
import { createAttachmentReader } from "../conversations/files/attachment-reader.ts";
import { summaryKind } from "../conversations/summary.ts";
import { createFlushClock } from "../engine/log/flush-clock.ts";
import { observeTogether, silentClaim } from "../engine/observer.ts";
import { Worker } from "../engine/worker.ts";
import { createId } from "../foundation/ids.ts";
import { directIo } from "../foundation/io.ts";
import { createSummaryHandler } from "../engine/summary/summary.ts";
import { createTitleHandler } from "../engine/title/title.ts";
import type { Logger } from "../foundation/logger.ts";
import { titleKind, type JobHandler } from "../jobs/job.ts";
import { createImportHandler } from "../transfer/import/import-job.ts";
import { importKind } from "../transfer/import/import-kind.ts";
import { JobLoop } from "../jobs/job-loop.ts";
import type { EngineModels } from "../engine/dependencies.ts";
import { budgetPolicyOf } from "../middleware/cost/cost.ts";
import { createPipeline } from "../middleware/pipeline.ts";
import type { AgentDirectory } from "../protocol/agent/agent.ts";
import type { Providers } from "../providers/registry.ts";
import type { Stores } from "./stores.ts";
import { createContextSource, type ContextSource } from "../tools/context-source.ts";
import { createEngineTraces } from "../telemetry/engine-traces.ts";
import type { Metrics } from "../telemetry/metrics.ts";

export interface WorkerParts {
  readonly stores: Stores;
  readonly providers: Providers;
  /** Names this process in leases of completions. */
  readonly nodeId: string;
  readonly agents: AgentDirectory;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

const snapshotMilliseconds = 2_000;

/** What works on this node: on completions, and on jobs. */
export interface NodeWorker {
  start(): Promise<void>;
  /** Claims nothing more, gives what runs `seconds` to end, and hands the rest over. */
  drain(seconds: number): Promise<void>;
}

const jobsAtOnce = 8;

const withBudgets = ({ middleware }: ResolvedConfig, providers: Providers): EngineModels => ({
  ...providers,
  budgets: budgetPolicyOf(middleware),
});

const composeImport = (config: ResolvedConfig, { stores, providers, agents, logger }: WorkerParts): JobHandler => {
  const { workDatabase: database, queue, signals, blobs } = stores;
  const { models } = providers;
  const storage = {
    takesFiles: config.features.attachments,
    uploadBytes: config.limits.uploadBytes,
    bytesPerUser: config.limits.storagePerUser,
  };
  return createImportHandler({ context: { database, queue, signals, blobs, agents, models, storage }, logger });
};

const composeJobs = (config: ResolvedConfig, parts: WorkerParts): JobLoop => {
  const { stores, providers, logger } = parts;
  return new JobLoop({
    database: stores.workDatabase,
    logger,
    handlers: {
      [titleKind]: createTitleHandler({
        database: stores.workDatabase,
        signals: stores.signals,
        models: withBudgets(config, providers),
        logger,
      }),
      [importKind]: composeImport(config, parts),
      [summaryKind]: createSummaryHandler({ database: stores.workDatabase, models: withBudgets(config, providers) }),
    },
    workerId: createId(),
    leaseSeconds: config.worker.leaseSeconds,
    pollSeconds: config.worker.pollSeconds,
    concurrency: jobsAtOnce,
  });
};

const contextsOf = ({ context }: ResolvedConfig, stores: Stores, logger: Logger): ContextSource =>
  createContextSource({
    database: stores.workDatabase,
    logger,
    context,
    onArtifact: (revision, id) => publishHint(stores.signals, revision, { kind: "artifact", id }),
  });

const composeTools = (config: ResolvedConfig, { stores, agents, metrics, logger }: WorkerParts): BackgroundWorker =>
  composeBackground({
    database: stores.workDatabase,
    signals: stores.signals,
    queue: stores.queue,
    onAccepted: () => metrics.countAccepted(),
    agents,
    contexts: contextsOf(config, stores, logger),
    logger,
    io: directIo,
    workerId: createId(),
    leaseSeconds: config.worker.leaseSeconds,
    pollSeconds: config.worker.pollSeconds,
    concurrency: config.worker.backgroundConcurrency,
  });

const composeTelling = (config: ResolvedConfig, { stores, logger }: WorkerParts): WebhookWorker =>
  composeWebhooks({
    database: stores.workDatabase,
    logger,
    allow: config.egress.allow,
    rules: config.webhooks,
    workerId: createId(),
    leaseSeconds: config.worker.leaseSeconds,
    pollSeconds: config.worker.pollSeconds,
  });

const composeErasure = ({ worker }: ResolvedConfig, { stores, logger }: WorkerParts): JobLoop =>
  composeErasing({
    context: { ...stores, database: stores.workDatabase },
    logger,
    workerId: createId(),
    leaseSeconds: worker.leaseSeconds,
    pollSeconds: worker.pollSeconds,
  });

const composeEngine = (config: ResolvedConfig, parts: WorkerParts, onEnd: () => void): Worker => {
  const { worker, stores: settings, features, telemetry } = config;
  const { stores, providers, agents, metrics, logger } = parts;
  const { workDatabase: database, log, queue, signals, blobs } = stores;
  const traces = telemetry === undefined ? [] : [createEngineTraces(telemetry)];
  const models = withBudgets(config, providers);
  return new Worker(
    {
      database,
      log,
      queue,
      signals,
      agents,
      models,
      middleware: createPipeline(config.middleware, { database, limits: stores.limits, logger, models }),
      files: createAttachmentReader(database, blobs),
      contexts: contextsOf(config, stores, logger),
      logger,
      io: directIo,
      flushClock: createFlushClock(),
      observer: observeTogether([metrics.engine, ...traces, { begin: () => ({ ...silentClaim, end: onEnd }) }]),
      workerId: parts.nodeId,
      leaseSeconds: worker.leaseSeconds,
      runningPerUser: config.limits.runningPerUser,
      backgroundPerUser: config.limits.backgroundPerUser,
      logRetentionSeconds: settings.logRetentionSeconds,
      snapshotMilliseconds,
      givesTitles: features.titles,
      givesSummaries: features.summary,
    },
    { concurrency: worker.concurrency, pollSeconds: worker.pollSeconds },
  );
};

/** What works on a node whose role has it; null on a node that only serves. */
export const composeWorker = (config: ResolvedConfig, parts: WorkerParts): NodeWorker | null => {
  if (config.worker.role === "web") return null;
  const jobs = composeJobs(config, parts);
  const tools = composeTools(config, parts);
  const search = composeSearch(config.worker.pollSeconds, parts.stores.workDatabase, parts.logger);
  const webhooks = composeTelling(config, parts);
  const erasing = composeErasure(config, parts);
  const engine = composeEngine(config, parts, () => {
    jobs.wake();
    search.wake();
  });
  parts.metrics.watchWorker(() => ({ running: engine.running, lag: engine.lag }));
  return {
    async start() {
      await engine.start();
      jobs.start();
      await tools.start();
      search.start();
      await webhooks.start();
      erasing.start();
    },
    async drain(seconds) {
      const working = [engine, jobs, tools, webhooks, erasing];
      await Promise.all(working.map((one) => one.drain(seconds)));
      await search.drain();
    },
  };
};
