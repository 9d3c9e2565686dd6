import { Redis, type RedisOptions } from "ioredis";
import { NatterError } from "../foundation/errors.ts";
import type { Logger } from "../foundation/logger.ts";

/** Where Redis is: a URL, or a client of the host's whose options are copied. That client itself is not used. */
export type RedisAddress = { readonly url: string } | { readonly client: Redis };

const retryMilliseconds = (attempt: number): number => Math.min(1_000, 25 * 2 ** attempt);

const patience: RedisOptions = {
  retryStrategy: retryMilliseconds,
  // eight attempts are about 4.5 s: a restart of Redis is waited for, and a lease outlives the wait
  maxRetriesPerRequest: 8,
};

/** Opens a connection of our own, that reconnects by itself. */
export const connectRedis = (address: RedisAddress, options: RedisOptions, logger: Logger): Redis => {
  const merged = { ...patience, ...options, replyMapping: "legacy" as const };
  const redis = "url" in address ? new Redis(address.url, merged) : address.client.duplicate(merged);
  redis.on("error", (error) => logger.warn({ error }, "the connection to Redis has a problem"));
  return redis;
};

/** Waits for a reply; a failure becomes `unavailable`. */
export const replyOf = async <Reply>(reply: Promise<Reply>): Promise<Reply> => {
  try {
    return await reply;
  } catch (error) {
    throw new NatterError("unavailable", "Redis can't be reached; try again in a few seconds.", { cause: error });
  }
};
