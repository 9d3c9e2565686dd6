import sql, { empty } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ExecutionStatus } from "../../protocol/tool-execution.ts";
import { equal, newestFirst, within, type Keyset, type Span } from "./keyset.ts";

export interface ToolRunRow {
  readonly id: string;
  readonly completion_id: string;
  readonly conversation_id: string;
  readonly user_id: string;
  readonly user_name: string | null;
  readonly agent: string;
  readonly tool: string;
  readonly kind: "inline" | "client" | "background";
  readonly step: number;
  readonly starts: number;
  readonly status: ExecutionStatus;
  /** Type of its result, as `validation-error`; null: there is none yet. */
  readonly outcome: string | null;
  readonly created_at: Date;
  readonly finished_at: Date | null;
  readonly cursor_at: string;
}

export interface ToolRunFilter extends Span {
  readonly workspaceId: string;
  readonly id?: string | undefined;
  readonly completionId?: string | undefined;
  readonly userId?: string | undefined;
  readonly tool?: string | undefined;
  readonly kind?: "inline" | "client" | "background" | undefined;
  readonly status?: ExecutionStatus | undefined;
}

// what a call in the background answers at once is only that it has begun: its execution knows how it went
const result = sql`case when b.id is null then t.outcome else b.result end`;

/** As it is told, for `tool_execution t left join background_execution b`. */
export const toolRunStatus = sql`case when b.id is not null then b.status when t.status = 'started' then 'running'
  when t.status <> 'finished' then t.status when t.outcome ->> 'type' = 'completed' then 'completed' else 'failed' end`;

/** Calls of tools in the whole workspace, the newest first, without what went in and came out. */
export const listToolRunRows = (database: Database, filter: ToolRunFilter, page: Keyset): Promise<ToolRunRow[]> =>
  database.query(sql`
    select t.id, t.completion_id, c.conversation_id, c.requested_by as user_id, u.name as user_name, c.agent, t.tool, t.kind, t.step,
      coalesce(b.attempts, t.starts) as starts, ${toolRunStatus} as status, ${result} ->> 'type' as outcome, t.created_at,
      case when b.id is null then t.finished_at else b.finished_at end as finished_at, t.created_at::text as cursor_at
    from tool_execution t
      join completion c on c.workspace_id = t.workspace_id and c.id = t.completion_id
      join "user" u on u.id = c.requested_by
      left join background_execution b on b.workspace_id = t.workspace_id and b.id = t.id
    where t.workspace_id = ${filter.workspaceId} ${equal(sql`t.id`, filter.id)} ${equal(sql`t.completion_id`, filter.completionId)} ${equal(sql`c.requested_by`, filter.userId)}
      ${equal(sql`t.tool`, filter.tool)} ${equal(sql`t.kind`, filter.kind)}
      ${filter.status === undefined ? empty : sql`and ${toolRunStatus} = ${filter.status}`}
      ${within(sql`t.created_at`, filter)} ${newestFirst(sql`t.created_at`, sql`t.id`, page)}`);
