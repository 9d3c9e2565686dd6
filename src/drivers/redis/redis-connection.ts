import { Redis, type RedisOptions } from "ioredis";
import { NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";

/** Where Redis is: a URL, or a client of the host's whose options are copied. That client itself is not used. */
export type RedisAddress = { readonly url: string } | { readonly client: Redis };

const retryMilliseconds = (attempt: number): number => Math.min(1_000, 25 * 2 ** attempt);

const ours = {
  retryStrategy: retryMilliseconds,
  // eight attempts are about 4.5 s: a restart of Redis is waited for, and a lease outlives the wait
  maxRetriesPerRequest: 8,
  lazyConnect: false,
  enableOfflineQueue: true,
  enableAutoPipelining: false,
  keyPrefix: "",
  replyMapping: "legacy",
} as const;

export type ConnectionOptions = Omit<RedisOptions, keyof typeof ours> & {
  /** Null: a command waits for as long as Redis is away. */
  readonly maxRetriesPerRequest?: null;
};

/** Opens a connection of our own, that reconnects by itself. */
export const connectRedis = (address: RedisAddress, options: ConnectionOptions, logger: Logger): Redis => {
  const redis =
    "url" in address
      ? new Redis(address.url, { ...ours, ...options })
      : address.client.duplicate({ ...ours, ...options });
  redis.on("error", (error) => logger.warn({ err: error }, "the connection to Redis has a problem"));
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

/** Ends a connection after what was sent on it is answered; at once when Redis is away. */
export const disconnectRedis = async (redis: Redis, logger: Logger): Promise<void> => {
  try {
    if (redis.status === "ready") await redis.quit();
  } catch (error) {
    logger.debug({ err: error }, "Redis went away while its connection was closed");
  } finally {
    redis.disconnect();
  }
};
