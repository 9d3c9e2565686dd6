import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { listUnclosed as listUnclosedRows, markClosed } from "../../store/completion/ending.ts";

export { markClosed };

/** A completion that has ended and whose log may lack the ending. */
export interface Unclosed {
  readonly key: CompletionKey;
  readonly fence: number;
  /** Seconds since it ended. */
  readonly ageSeconds: number;
}

/** Oldest first. Those that ended within the last `graceSeconds` are left to their worker. */
export const listUnclosed = async (database: Database, graceSeconds: number, limit: number): Promise<Unclosed[]> =>
  (await listUnclosedRows(database, graceSeconds, limit)).map((row) => ({
    key: { workspaceId: row.workspace_id, completionId: row.id },
    fence: row.fence,
    ageSeconds: row.age_seconds,
  }));
