import type { Logger } from "./foundation/logger.ts";
import type { Database } from "./ports/database.ts";
import { purgeIdempotencyKeys } from "./store/idempotency-rows.ts";

const everyMilliseconds = 3_600_000;

/**
 * Forgets what has had its time, once an hour.
 * @returns how to stop it
 */
export const maintain = (database: Database, logger: Logger): (() => void) => {
  const purge = (): void => {
    purgeIdempotencyKeys(database).catch((err: unknown) =>
      logger.warn({ err }, "old idempotency keys could not be forgotten"),
    );
  };
  purge();
  const timer = setInterval(purge, everyMilliseconds).unref();
  return () => clearInterval(timer);
};
