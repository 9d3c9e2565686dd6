import type { ChunkLog } from "../ports/chunk-log.ts";
import type { Database } from "../ports/database.ts";
import type { CompletionKey } from "../ports/queue.ts";
import { findCompletion } from "../store/completion/completion-rows.ts";

/** Where in its log a completion stopped to wait. */
export interface WaitingPlace {
  readonly epoch: string;
  readonly position: number;
}

/** Null: it does not wait, or has no log. */
export const findWaitingPlace = async (
  database: Database,
  log: ChunkLog,
  key: CompletionKey,
): Promise<WaitingPlace | null> => {
  const before = await findCompletion(database, key);
  if (before?.status !== "waiting") return null;
  const head = await log.read(key.completionId, Number.MAX_SAFE_INTEGER, 1);
  const after = await findCompletion(database, key);
  // it waited all the time, so that nothing was added meanwhile: a claim would have raised the fence
  if (head === null || after?.status !== "waiting" || after.fence !== before.fence) return null;
  return { epoch: head.epoch, position: head.last };
};
