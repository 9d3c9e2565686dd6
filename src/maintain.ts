import { collectOrphans } from "./conversations/collect-orphans.ts";
import type { Logger } from "./foundation/logger.ts";
import { purgeFailedJobs } from "./jobs/job.ts";
import { purgeIdempotencyKeys } from "./store/idempotency-rows.ts";
import type { Stores } from "./stores.ts";

const everyMilliseconds = 3_600_000;

/**
 * Forgets what has had its time, once an hour.
 * @returns how to stop it
 */
export const maintain = (stores: Pick<Stores, "database" | "blobs">, logger: Logger): (() => void) => {
  const tasks = {
    "old idempotency keys": () => purgeIdempotencyKeys(stores.database),
    "jobs that were given up": () => purgeFailedJobs(stores.database),
    "files that nothing shows": () => collectOrphans(stores),
  };
  const purge = (): void => {
    for (const [what, task] of Object.entries(tasks))
      task().catch((err: unknown) => logger.warn({ err }, `${what} could not be forgotten`));
  };
  purge();
  const timer = setInterval(purge, everyMilliseconds).unref();
  return () => clearInterval(timer);
};
