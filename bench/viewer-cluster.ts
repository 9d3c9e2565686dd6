import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { startPostgres } from "../src/testing/servers/postgres-server.ts";
import { startRedis } from "../src/testing/servers/redis-server.ts";
import { createTestDatabase } from "../src/testing/databases/test-database.ts";
import { environmentOf } from "./natter-target.ts";
import { readFamilyTime, readMemory, readProcessTime } from "./processor-time.ts";
import { startServer, type ServerProcess } from "./server-process.ts";

/** Cores that each part used. */
export interface Cores {
  readonly web: number;
  readonly workers: number;
  readonly redis: number;
  readonly postgres: number;
}

export interface ViewerCluster {
  readonly url: string;
  /** Looks for so long what each part uses. */
  measure(seconds: number): Promise<Cores>;
  /** Of the web node, in MB. */
  memory(): number;
  stop(): Promise<void>;
}

/** One web node and two workers over PostgreSQL with real `fsync` and Redis, with the demo model. */
export const startViewerCluster = async (): Promise<ViewerCluster> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-bench-"));
  const [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()]);
  const shared = {
    ...environmentOf(folder),
    DATABASE_URL: await createTestDatabase(postgres.url),
    REDIS_URL: redis.url,
  };
  const start = (role: string): Promise<ServerProcess> =>
    startServer({
      args: [join(import.meta.dirname, "../src/cli/main.ts"), "start", "--role", role],
      environment: shared,
      ready: "/readyz",
    });
  const web = await start("web");
  const workers = [await start("worker"), await start("worker")];
  const times = (): Cores => ({
    web: readProcessTime(web.pid),
    workers: workers.reduce((sum, { pid }) => sum + readProcessTime(pid), 0),
    redis: readProcessTime(redis.pid),
    postgres: readFamilyTime(postgres.pid),
  });
  return {
    url: web.url,
    async measure(seconds) {
      const [before, begun] = [times(), performance.now()];
      await wait(seconds * 1_000);
      const [after, elapsed] = [times(), performance.now() - begun];
      const cores = (part: keyof Cores): number => (after[part] - before[part]) / elapsed;
      return { web: cores("web"), workers: cores("workers"), redis: cores("redis"), postgres: cores("postgres") };
    },
    memory: () => readMemory(web.pid),
    async stop() {
      await Promise.all([web, ...workers].map((server) => server.stop()));
      await Promise.all([postgres.stop(), redis.stop()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
