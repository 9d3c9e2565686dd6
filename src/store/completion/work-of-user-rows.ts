import sql, { empty } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Database } from "../../ports/database.ts";

/** Whose work: a user's in a workspace, or in all. */
export interface WorkOfUser {
  readonly userId: string;
  readonly workspaceId?: string | undefined;
}

/** What waits or runs for a user: what waits first, the newest first, so that nothing comes up while the rest is ended. */
export const listWorkOfUser = (
  database: Database,
  { userId, workspaceId }: WorkOfUser,
  most: number,
): Promise<CompletionKey[]> => {
  const theirs = sql`requested_by = ${userId} ${workspaceId === undefined ? empty : sql`and workspace_id = ${workspaceId}`}`;
  // apart: each half has a partial index, all three together have none
  return database.query(sql`
    select workspace_id as "workspaceId", id as "completionId" from (
      select workspace_id, id, status, created_at from completion where ${theirs} and status in ('queued', 'running')
      union all
      select workspace_id, id, status, created_at from completion where ${theirs} and status = 'waiting'
    ) open order by (status <> 'queued'), created_at desc, id limit ${most}`);
};
