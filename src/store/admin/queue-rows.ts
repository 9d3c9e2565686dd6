import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { isHeardOf } from "../node-rows.ts";

export interface QueueRow {
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  /** Since when the one that was queued first has been due; null: none is queued. */
  readonly oldest_seconds: number | null;
  readonly held: number;
  readonly expired: number;
  readonly workers: number;
  readonly tools_queued: number;
  readonly tools_running: number;
  readonly tools_waiting: number;
  readonly jobs_open: number;
  readonly jobs_failed: number;
}

const open = sql`status in ('queued', 'running', 'waiting')`;
const depths: Sql = sql`
  count(*) filter (where status = 'queued') as queued, count(*) filter (where status = 'running') as running,
  count(*) filter (where status = 'waiting') as waiting,
  greatest(0, extract(epoch from now() - min(due_at) filter (where status = 'queued')))::float8 as oldest_seconds`;

/** What one workspace has before it: reads partial indexes of what is not at its end. */
export const readQueueRow = async (database: Database, workspaceId: string): Promise<QueueRow> => {
  const [row] = await database.query<QueueRow>(sql`
    select queue.*, tools.*, jobs.*, (select count(*) from node where capacity > 0 and ${isHeardOf}) as workers from
      (select ${depths},
          count(*) filter (where status = 'running' and lease_until > now()) as held,
          count(*) filter (where status = 'running' and lease_until <= now()) as expired
        from completion where workspace_id = ${workspaceId} and ${open}) queue,
      (select count(*) filter (where status = 'queued') as tools_queued, count(*) filter (where status = 'running') as tools_running,
          count(*) filter (where status = 'waiting') as tools_waiting
        from background_execution where workspace_id = ${workspaceId} and ${open}) tools,
      (select count(*) filter (where failed_at is null) as jobs_open, count(*) filter (where failed_at is not null) as jobs_failed
        from job where workspace_id = ${workspaceId}) jobs`);
  return row as QueueRow;
};

export interface WorkspaceQueueRow {
  readonly workspace_id: string;
  readonly name: string;
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  readonly oldest_seconds: number | null;
}

/** Workspaces that have something before them, the longest queue first. */
export const listWorkspaceQueues = (database: Database, limit: number): Promise<WorkspaceQueueRow[]> =>
  database.query(sql`
    select queue.*, workspace.name
    from (select workspace_id, ${depths} from completion where ${open} group by workspace_id) queue
      join workspace on workspace.id = queue.workspace_id
    order by queue.queued desc, queue.running desc, queue.workspace_id limit ${limit}`);
