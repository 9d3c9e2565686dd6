import type { Logger } from "./foundation/logger.ts";
import { purgeIdempotencyKeys } from "./store/idempotency-rows.ts";
import { analyze, vacuum } from "./store/maintenance.ts";
import type { Stores } from "./stores.ts";

const firstSeconds = 5;
const lastSeconds = 600;

/**
 * Keeps the tables in shape, more and more seldom: an embedded database has no autovacuum of its own.
 * @returns how to stop it
 */
export const maintain = ({ database, isEmbedded }: Stores, logger: Logger): (() => void) => {
  let seconds = firstSeconds;
  let timer: NodeJS.Timeout;
  const turn = async (): Promise<void> => {
    try {
      await purgeIdempotencyKeys(database);
      if (isEmbedded) await (seconds < lastSeconds ? analyze(database) : vacuum(database));
    } catch (err) {
      logger.warn({ err }, "maintenance of the database failed; it is tried again");
    }
    schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(() => void turn(), seconds * 1000).unref();
    seconds = Math.min(seconds * 2, lastSeconds);
  };
  schedule();
  return () => clearTimeout(timer);
};
