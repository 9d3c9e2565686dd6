import { silentLogger } from "../../foundation/logger.ts";
import { finding, within, type Check } from "./finding.ts";

const patience = 5_000;

/** Whether Redis answers, where one is configured. */
export const checkRedis: Check = async ({ stores: { redisUrl, databaseUrl } }) => {
  if (redisUrl === undefined) {
    const instead = databaseUrl === undefined ? "the log is in memory" : "the log is in PostgreSQL";
    return [finding("ok", "redis", `none; ${instead}`)];
  }
  const { host } = new URL(redisUrl);
  const { connectRedis } = await import("../../drivers/redis/redis-connection.ts");
  const redis = connectRedis({ url: redisUrl }, {}, silentLogger);
  try {
    await within(patience, redis.ping());
    return [finding("ok", "redis", `answers at ${host}`)];
  } catch (thrown) {
    const why =
      thrown instanceof Error && thrown.name !== "MaxRetriesPerRequestError" ? thrown.message : "no connection";
    return [finding("bad", "redis", `${host}: ${why}`, "check REDIS_URL and that its server runs")];
  } finally {
    redis.disconnect();
  }
};
