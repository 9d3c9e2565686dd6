import { setTimeout as sleep } from "node:timers/promises";
import { startPostgres } from "../../src/testing/postgres-server.ts";
import { startRedis } from "../../src/testing/redis-server.ts";
import type { LoadAudit } from "./load-audit.ts";
import type { FaultReport } from "./report.ts";
import { type Loaded, tellProgress, underLoad } from "./under-load.ts";

export interface StoreRestartsOptions {
  readonly restarts: number;
  readonly seed: number;
}

const restartInTurn = async (
  { load, random }: Loaded,
  restarts: number,
  restart: (number: number) => Promise<void>,
): Promise<void> => {
  for (let number = 1; number <= restarts && load.problems.length === 0; number += 1) {
    await sleep(random.integer(200, 1_500));
    await restart(number);
    tellProgress(number, restarts, "restarts");
  }
};

const reportOf = (fault: string, restarts: number, { figures, failures }: LoadAudit): FaultReport => ({
  fault,
  figures: { restarts, ...figures },
  failures,
});

/** Redis, which keeps nothing, is killed and comes back empty, again and again, under load. */
export const restartRedis = async ({ restarts, seed }: StoreRestartsOptions): Promise<FaultReport> => {
  const [postgres, redis] = [await startPostgres({ fsync: true }), await startRedis()];
  try {
    const audit = await underLoad({ postgresUrl: postgres.url, redisUrl: redis.url, seed }, (loaded) =>
      restartInTurn(loaded, restarts, () => redis.restart()),
    );
    return reportOf("redis", restarts, audit);
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
  }
};

/** PostgreSQL is ended, every other time without a chance to put anything in order, and comes back, under load. */
export const restartPostgres = async ({ restarts, seed }: StoreRestartsOptions): Promise<FaultReport> => {
  const [postgres, redis] = [await startPostgres({ fsync: true }), await startRedis()];
  try {
    const audit = await underLoad({ postgresUrl: postgres.url, redisUrl: redis.url, seed }, (loaded) =>
      restartInTurn(loaded, restarts, (number) => postgres.restart(number % 2 === 0 ? "clean" : "crash")),
    );
    return reportOf("postgres", restarts, audit);
  } finally {
    await Promise.all([postgres.stop(), redis.stop()]);
  }
};
