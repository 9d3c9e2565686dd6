import type { Database } from "../ports/database.ts";
import { listWorkOfUser, type WorkOfUser } from "../store/completion/work-of-user-rows.ts";
import { announceAll, endOrAsk, type Cancelled } from "./cancel.ts";
import type { CompletionContext } from "./context.ts";

/** More than a user may have open. */
const atOnce = 10_000;

/**
 * Ends everything that waits or runs for a user, as a cancel does: nothing more is done or paid for them. Without a
 * context workers find it by looking.
 */
export const cancelOfUser = async (
  database: Database,
  work: WorkOfUser,
  context?: CompletionContext,
): Promise<readonly Cancelled[]> => {
  const cancelled: Cancelled[] = [];
  // one by one: all of them locked at once would stand in the way of the workers
  for (const key of await listWorkOfUser(database, work, atOnce))
    cancelled.push(await database.transaction(() => endOrAsk(database, key, null)));
  if (context !== undefined) announceAll(context, cancelled);
  return cancelled;
};
