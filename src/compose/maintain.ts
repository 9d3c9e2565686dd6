import { hostname } from "node:os";
import { resolve } from "node:path";
import type { ResolvedConfig } from "../config/load-config.ts";
import { collectOrphans } from "../conversations/files/collect-orphans.ts";
import { purgeConversations } from "../conversations/purge.ts";
import type { Logger } from "../foundation/logger.ts";
import { purgeBrowserTokens } from "../people/browser-token.ts";
import { purgeFailedJobs } from "../jobs/job.ts";
import type { Database } from "../ports/database.ts";
import { purgeSpending } from "../store/money/budget-rows.ts";
import { purgeCachedAnswers } from "../store/money/cached-answer-rows.ts";
import { purgeCheckpoints } from "../store/completion/checkpoint-rows.ts";
import { purgeIdempotencyKeys } from "../store/idempotency-rows.ts";
import { purgeSessions } from "../store/identity/account-tables.ts";
import { purgeWebhookEvents } from "../store/webhook/delivery-rows.ts";
import { endForsakenImports } from "../store/transfer/import-rows.ts";
import { takeUpkeep } from "../store/upkeep-rows.ts";
import type { Stores } from "./stores.ts";
import { importKind } from "../transfer/import/import-kind.ts";

const everySeconds = 3_600;
/** Two processes never look at exactly the same time: a little less, so that no hour is left out. */
const takenSeconds = everySeconds * 0.9;

type Tasks = Readonly<Record<string, () => Promise<unknown>>>;

/** Does each task that no other process did this hour, until it is told to stop: what is left then is for the next hour. */
export const doUpkeep = async (
  database: Database,
  tasks: Tasks,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> => {
  for (const [what, task] of Object.entries(tasks)) {
    if (signal.aborted) return;
    try {
      if (await takeUpkeep(database, what, takenSeconds)) await task();
    } catch (err) {
      const broken = `${what} could not be forgotten`;
      if (signal.aborted) logger.debug({ err }, `${broken} before the end`);
      else logger.warn({ err }, broken);
    }
  }
};

/**
 * Forgets what has had its time, once an hour: rows on one of the processes that work, files on one of those that have
 * them.
 * @returns how to stop it
 */
export const maintain = (
  { worker, stores: { dataDirectory } }: ResolvedConfig,
  stores: Pick<Stores, "workDatabase" | "blobs">,
  logger: Logger,
): (() => void) => {
  const { workDatabase: database, blobs } = stores;
  const ofRows: Tasks = {
    "old idempotency keys": () => purgeIdempotencyKeys(database),
    "browser tokens that have ended": () => purgeBrowserTokens(database),
    "sessions that have ended": () => purgeSessions(database),
    "jobs that were given up": () => purgeFailedJobs(database),
    "sums of budgets that are over": () => purgeSpending(database),
    "cached answers that are over": () => purgeCachedAnswers(database),
    "conversations that have had their time": () => purgeConversations(database),
    "imports whose job was given up": () => endForsakenImports(database, importKind),
    "what webhooks were told": () => purgeWebhookEvents(database),
    "checkpoints of answers that have ended": () => purgeCheckpoints(database),
  };
  const tasks: Tasks = {
    ...(worker.role === "web" ? {} : ofRows),
    [`files that nothing shows, in ${hostname()}:${resolve(dataDirectory)}`]: () => collectOrphans({ database, blobs }),
  };
  const stopped = new AbortController();
  const purge = (): void => void doUpkeep(database, tasks, logger, stopped.signal);
  purge();
  const timer = setInterval(purge, everySeconds * 1_000).unref();
  return () => {
    clearInterval(timer);
    stopped.abort();
  };
};
