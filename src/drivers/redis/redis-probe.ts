import { NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";
import { connectRedis, disconnectRedis, type RedisAddress } from "./redis-connection.ts";

export interface RedisProbe {
  /** Rejects with `unavailable` while Redis takes no writes: away, full, or a replica. Asks at most once a second while it does. */
  assertWritable(): Promise<void>;
  close(): Promise<void>;
}

const trustedMilliseconds = 1_000;
const answerMilliseconds = 500;

/** Says whether Redis takes writes, on a connection of its own that waits for nothing. */
export const createRedisProbe = (
  options: RedisAddress & { readonly prefix?: string; readonly logger: Logger },
): RedisProbe => {
  const { prefix = "natter:", logger } = options;
  const redis = connectRedis(options, { commandTimeout: answerMilliseconds }, logger);
  let writableAt = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | null = null;

  const ask = async (): Promise<void> => {
    try {
      await redis.set(`${prefix}probe`, "1", "PX", trustedMilliseconds);
      writableAt = performance.now();
    } catch (cause) {
      throw new NatterError("unavailable", "Redis takes no writes now, so that no answer could be shown; try again.", {
        cause,
      });
    }
  };

  return {
    assertWritable: async () => {
      if (performance.now() - writableAt < trustedMilliseconds) return;
      asking ??= ask().finally(() => (asking = null));
      await asking;
    },
    close: () => disconnectRedis(redis, logger),
  };
};
