import { setTimeout as sleep } from "node:timers/promises";
import { type PostgresServer, startPostgres } from "../../src/testing/servers/postgres-server.ts";
import { type RedisServer, startRedis } from "../../src/testing/servers/redis-server.ts";
import type { FaultReport } from "./report.ts";
import { type Loaded, tellProgress, underLoad } from "./under-load.ts";

export interface StoreRestartsOptions {
  readonly restarts: number;
  readonly seed: number;
  /** Seconds after which no more are restarted: never. */
  readonly seconds?: number;
}

const restartInTurn = async (
  { load, random }: Loaded,
  { restarts, seconds = Number.POSITIVE_INFINITY }: StoreRestartsOptions,
  restart: (number: number) => Promise<void>,
): Promise<number> => {
  const deadline = performance.now() + seconds * 1000;
  let done = 0;
  while (done < restarts && load.problems.length === 0 && performance.now() < deadline) {
    await sleep(random.integer(200, 1_500));
    await restart((done += 1));
    tellProgress(done, restarts, "restarts");
  }
  return done;
};

type Servers = { readonly postgres: PostgresServer; readonly redis: RedisServer };

const underRestarts = async (
  fault: string,
  options: StoreRestartsOptions,
  restart: (servers: Servers, number: number) => Promise<void>,
): Promise<FaultReport> => {
  const servers = { postgres: await startPostgres({ fsync: true }), redis: await startRedis() };
  const { postgres, redis } = servers;
  let restarts = 0;
  try {
    const stores = { postgresUrl: postgres.url, redisUrl: redis.url };
    const { figures, failures } = await underLoad({ ...stores, seed: options.seed }, async (loaded) => {
      restarts = await restartInTurn(loaded, options, (number) => restart(servers, number));
    });
    return { fault, figures: { restarts, ...figures }, failures };
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
  }
};

/** Redis, which keeps nothing, is killed and comes back empty, again and again, under load. */
export const restartRedis = (options: StoreRestartsOptions): Promise<FaultReport> =>
  underRestarts("redis", options, ({ redis }) => redis.restart());

/** PostgreSQL is ended, every other time without a chance to put anything in order, and comes back, under load. */
export const restartPostgres = (options: StoreRestartsOptions): Promise<FaultReport> =>
  underRestarts("postgres", options, ({ postgres }, number) => postgres.restart(number % 2 === 0 ? "clean" : "crash"));
