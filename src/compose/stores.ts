import { join } from "node:path";
import type { ResolvedConfig } from "../config/load-config.ts";
import { createDiskBlobStore } from "../drivers/blobs/blobs-disk.ts";
import { createMemoryLog } from "../drivers/log/log-memory.ts";
import { createPostgresLog } from "../drivers/log-postgres/log-postgres.ts";
import { createPgliteDatabase } from "../drivers/pglite/pglite.ts";
import { createPostgresDatabase } from "../drivers/postgres/postgres.ts";
import { createTableQueue } from "../drivers/queue/queue-table.ts";
import { createMemorySignals } from "../drivers/signals/signals-memory.ts";
import { createPostgresSignals } from "../drivers/signals/signals-postgres.ts";
import type { PoolUsage } from "../drivers/sql/sql-connection.ts";
import { createMemoryLimits } from "../drivers/limits/limits-memory.ts";
import type { RedisProbe } from "../drivers/redis/redis-probe.ts";
import type { Logger } from "../foundation/logger.ts";
import { withFallback } from "../http/admission/with-fallback.ts";
import type { BlobStore } from "../ports/blob-store.ts";
import type { ChunkLog } from "../ports/chunk-log.ts";
import type { Database } from "../ports/database.ts";
import type { RateLimitStore } from "../ports/rate-limit-store.ts";
import type { Queue } from "../ports/queue.ts";
import type { Signals } from "../ports/signals.ts";

/** Where everything is kept and told; one driver a port, as the configuration says. */
export interface Stores {
  /** For requests: refuses with `unavailable` what finds no free connection. */
  readonly database: Database;
  /** The same rows for workers, whose work waits for its turn and is never refused. */
  readonly workDatabase: Database;
  /** How their connections are used, by pool; none where the database is built in. */
  connections(): Readonly<Record<string, PoolUsage>>;
  readonly log: ChunkLog;
  readonly signals: Signals;
  readonly queue: Queue;
  readonly blobs: BlobStore;
  readonly limits: RateLimitStore;
  /** Rejects with `unavailable` while a new answer could not be shown to anybody. */
  readonly assertAccepting: () => Promise<void>;
  /** Whether this process owns the database alone, so that nobody else can hold a lease. */
  readonly isEmbedded: boolean;
  close(): Promise<void>;
}

/** A request that would wait longer for a connection is better told to come back. */
const patienceMilliseconds = 1_500;

const openDatabases = async (
  { stores }: ResolvedConfig,
  logger: Logger,
): Promise<Pick<Stores, "database" | "workDatabase" | "connections">> => {
  const { databaseUrl: url, databaseConnections: maxConnections } = stores;
  if (url === undefined) {
    const database = await createPgliteDatabase({ directory: stores.dataDirectory, logger });
    return { database, workDatabase: database, connections: () => ({}) };
  }
  const database = createPostgresDatabase({ url, maxConnections, patienceMilliseconds });
  const workDatabase = createPostgresDatabase({ url, maxConnections });
  return {
    database,
    workDatabase,
    connections: () => ({ requests: database.connections(), work: workDatabase.connections() }),
  };
};

const openLog = async ({ stores, worker }: ResolvedConfig, logger: Logger): Promise<ChunkLog> => {
  const options = { retentionSeconds: stores.logRetentionSeconds, logger };
  if (stores.redisUrl !== undefined) {
    const { createRedisLog } = await import("../drivers/log/log-redis.ts");
    return createRedisLog({ url: stores.redisUrl, ...options });
  }
  return stores.databaseUrl === undefined
    ? createMemoryLog(options)
    : createPostgresLog({ url: stores.databaseUrl, pollSeconds: worker.pollSeconds, ...options });
};

const openSignals = async ({ stores }: ResolvedConfig, logger: Logger): Promise<Signals> => {
  if (stores.redisUrl !== undefined) {
    const { createRedisSignals } = await import("../drivers/signals/signals-redis.ts");
    return createRedisSignals({ url: stores.redisUrl, logger });
  }
  return stores.databaseUrl === undefined
    ? createMemorySignals({ logger })
    : createPostgresSignals({ url: stores.databaseUrl, logger });
};

const openQueue = async (
  { stores: { queue, redisUrl: url }, worker: { pollSeconds } }: ResolvedConfig,
  signals: Signals,
  logger: Logger,
): Promise<Queue> => {
  if (queue === "table" || url === undefined) return createTableQueue({ signals, pollSeconds });
  const { createBullmqQueue } = await import("../drivers/queue/queue-bullmq.ts");
  return createBullmqQueue({ url, signals, pollSeconds, logger });
};

/** While Redis is away each node counts for itself: limits neither open nor close. */
const openLimits = async ({ stores: { redisUrl: url } }: ResolvedConfig, logger: Logger): Promise<RateLimitStore> => {
  if (url === undefined) return createMemoryLimits();
  const { createRedisLimits } = await import("../drivers/limits/limits-redis.ts");
  return withFallback(createRedisLimits({ url, logger }), createMemoryLimits(), logger);
};

/** Opens the files that a server with this configuration would have. */
export const openBlobs = async ({ stores: { s3Url: url, dataDirectory } }: ResolvedConfig): Promise<BlobStore> => {
  if (url === undefined) return createDiskBlobStore({ directory: join(dataDirectory, "blobs") });
  const { createS3BlobStore } = await import("../drivers/blobs/blobs-s3.ts");
  return createS3BlobStore({ url });
};

const openProbe = async ({ stores }: ResolvedConfig, logger: Logger): Promise<RedisProbe> => {
  if (stores.redisUrl === undefined) return { assertWritable: async () => {}, close: async () => {} };
  const { createRedisProbe } = await import("../drivers/redis/redis-probe.ts");
  return createRedisProbe({ url: stores.redisUrl, logger });
};

export const openStores = async (config: ResolvedConfig, logger: Logger): Promise<Stores> => {
  const { database, workDatabase, connections } = await openDatabases(config, logger);
  const log = await openLog(config, logger);
  const signals = await openSignals(config, logger);
  const blobs = await openBlobs(config);
  const queue = await openQueue(config, signals, logger);
  const probe = await openProbe(config, logger);
  const limits = await openLimits(config, logger);
  return {
    database,
    workDatabase,
    connections,
    log,
    signals,
    queue,
    blobs,
    limits,
    assertAccepting: () => probe.assertWritable(),
    isEmbedded: config.stores.databaseUrl === undefined,
    async close() {
      await queue.close();
      await signals.close();
      await log.close();
      await blobs.close();
      await probe.close();
      await limits.close();
      await database.close();
      if (workDatabase !== database) await workDatabase.close();
    },
  };
};
