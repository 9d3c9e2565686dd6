import type { ChunkLog } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { findCompletion } from "../../store/completion/completion-rows.ts";
import { frameEntry } from "./frame-entry.ts";
import { replay } from "./replay.ts";

/**
 * Tells the log of a completion that waits anew from its rows, where it was lost: nobody has it who would. Whoever goes on
 * with it has a higher fence, and what comes too late is refused.
 */
export const restoreLog = async (database: Database, log: ChunkLog, key: CompletionKey): Promise<void> => {
  const row = await findCompletion(database, key);
  if (row?.status !== "waiting") return;
  const told = await replay(database, key);
  const head = await log.open(key.completionId, row.fence);
  if (told === null || head === null || head.last > 0) return;
  await log.append(key.completionId, row.fence, frameEntry(head, told.chunks, false));
};
