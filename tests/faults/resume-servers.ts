import { setTimeout as sleep } from "node:timers/promises";
import sql from "sql-template-tag";
import { createPostgresLog } from "../../src/drivers/log-postgres/log-postgres.ts";
import { createRedisLog } from "../../src/drivers/log/log-redis.ts";
import { openCluster } from "./cluster.ts";
import type { NatterNode } from "./natter-node.ts";
import type { Random } from "./random.ts";
import type { ResumeWorld } from "./resume-cuts.ts";

/** Longer than a lease: the other server takes over, and this one wakes up to a claim that is not its own any more. */
const stopMilliseconds = 3_500;

const disturb = async (node: NatterNode, random: Random): Promise<string> => {
  if (random.chance(0.5)) {
    await node.end("SIGKILL");
    await node.start();
    return "kill -9";
  }
  node.signal("SIGSTOP");
  await sleep(stopMilliseconds);
  node.signal("SIGCONT");
  return "kill -STOP";
};

/** Two servers over one PostgreSQL, which has the log as well where there is no Redis; one of them at a time is killed, or stopped for a while. */
export const openServersWorld = async (postgresUrl: string, redisUrl: string | null): Promise<ResumeWorld> => {
  const cluster = await openCluster({ postgresUrl, redisUrl, nodes: 2 });
  await Promise.all(cluster.nodes.map((node) => node.start()));
  const log =
    redisUrl === null
      ? createPostgresLog({ url: cluster.database.environment["DATABASE_URL"] ?? "", retentionSeconds: 60 })
      : createRedisLog({ url: redisUrl, retentionSeconds: 60 });
  return {
    name: redisUrl === null ? "PostgreSQL" : "Redis",
    provider: cluster.provider,
    token: cluster.token,
    log,
    url: (random) => random.pick(cluster.nodes).url,
    disturb: (random) => disturb(random.pick(cluster.nodes), random),
    countTakeOvers: () =>
      cluster.database.look(async (database) => {
        const [row] = await database.query<{ count: number }>(
          sql`select coalesce(sum(fence - 1), 0)::int8 as count from completion where fence > 0`,
        );
        return row?.count ?? 0;
      }),
    async close() {
      await log.close();
      await cluster.close();
    },
  };
};
