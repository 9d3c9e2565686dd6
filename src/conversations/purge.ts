import type { Database } from "../ports/database.ts";
import { purgeSomeConversations } from "../store/conversation/purge-rows.ts";
import { restoreDays } from "./remove.ts";

const temporaryHours = 24;
const batchSize = 100;

/**
 * Forgets what was deleted 30 days ago, temporary conversations a day after their last activity, and whatever is older
 * than its workspace keeps. Files that nothing shows any more are collected as orphans afterwards.
 */
export const purgeConversations = async (database: Database): Promise<void> => {
  while ((await purgeSomeConversations(database, { restoreDays, temporaryHours }, batchSize)) > 0);
};
