import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

export interface QueueRow {
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  /** Since when the one that was queued first has been due; null: none is queued. */
  readonly oldest_seconds: number | null;
  readonly tools_queued: number;
  readonly tools_running: number;
  readonly tools_waiting: number;
  readonly jobs_open: number;
  readonly jobs_failed: number;
}

/** What one workspace has before it: reads partial indexes of what is not at its end. */
export const readQueueRow = async (database: Database, workspaceId: string): Promise<QueueRow> => {
  const [row] = await database.query<QueueRow>(sql`
    select queue.*, tools.*, jobs.* from
      (select count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'running') as running,
          count(*) filter (where status = 'waiting') as waiting,
          greatest(0, extract(epoch from now() - min(due_at) filter (where status = 'queued')))::float8 as oldest_seconds
        from completion where workspace_id = ${workspaceId} and status in ('queued', 'running', 'waiting')) queue,
      (select count(*) filter (where status = 'queued') as tools_queued, count(*) filter (where status = 'running') as tools_running,
          count(*) filter (where status = 'waiting') as tools_waiting
        from background_execution where workspace_id = ${workspaceId} and status in ('queued', 'running', 'waiting')) tools,
      (select count(*) filter (where failed_at is null) as jobs_open, count(*) filter (where failed_at is not null) as jobs_failed
        from job where workspace_id = ${workspaceId}) jobs`);
  return row as QueueRow;
};
