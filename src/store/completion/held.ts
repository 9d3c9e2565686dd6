import sql, { type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";

/** A claim: the completion and the fence that every write of it must still find. */
export interface Claimed extends CompletionKey {
  readonly fence: number;
}

/** True only while `claim` is the newest claim of a completion that runs; locks the row against a take-over. */
export const holding = (claim: Claimed): Sql => sql`
  select 1 from completion where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' for share`;
