import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { CallOutcome, ToolCall } from "../../protocol/agent/tool.ts";
import { holding, type Claimed } from "../completion/held.ts";

export interface ToolExecutionRow {
  readonly call_id: string;
  readonly tool: string;
  readonly input: unknown;
  readonly status: "waiting" | "queued" | "started" | "finished";
  readonly fence: number;
  readonly outcome: CallOutcome | null;
}

export const listToolExecutionRows = (database: Database, key: CompletionKey): Promise<ToolExecutionRow[]> =>
  database.query(sql`
    select call_id, tool, input, status, fence, outcome from tool_execution
    where workspace_id = ${key.workspaceId} and completion_id = ${key.completionId} order by created_at, call_id`);

/** A call as its claim works on it. */
export interface ClaimedCall {
  readonly claim: Claimed;
  readonly step: number;
  readonly call: ToolCall;
}

/** `started`: run the body now. `known`: it was started before. `lost`: the claim is. `refused`: nobody allowed this call with this input. */
export type ToolStart = "started" | "known" | "lost" | "refused";

/** The decision that a start rests on. */
export interface Permission {
  readonly approvalId: string;
  /** Of the input that the body is about to get. */
  readonly inputHash: string;
}

/** The condition that this decision is there, and is about this very call. */
export const permitted = ({ claim, call }: ClaimedCall, { approvalId, inputHash }: Permission): Sql => sql`
  where exists (select 1 from approval join completion on completion.workspace_id = approval.workspace_id and completion.id = approval.completion_id
    where approval.workspace_id = ${claim.workspaceId} and approval.id = ${approvalId} and approval.completion_id = ${claim.completionId}
      and approval.call_id = ${call.callId} and approval.tool = ${call.tool} and approval.input_hash = ${inputHash}
      and approval.user_id = completion.requested_by and approval.decision in ('once', 'always'))`;

/**
 * Records that the body of a call is about to run, before it does; may be repeated before the body runs. `again`: also if
 * an earlier claim has started it. With a permission only if that decision is there, and is about this very call.
 */
export const insertToolStart = async (
  database: Database,
  claimed: ClaimedCall,
  again: boolean,
  permission?: Permission,
): Promise<ToolStart> => {
  const { claim, step, call } = claimed;
  const [row] = await database.query<{ held: number; permitted: number; started: number }>(sql`
    with held as (${holding(claim)}), permitted as (
      select 1 from held ${permission === undefined ? empty : permitted(claimed, permission)}
    ), started as (
      insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence)
      select ${claim.workspaceId}, ${claim.completionId}, ${call.callId}, ${step}, ${call.tool}, ${JSON.stringify(call.input ?? null)}::jsonb, 'started', ${claim.fence}
      from permitted
      on conflict (workspace_id, completion_id, call_id) do update
        set fence = excluded.fence, starts = tool_execution.starts + (tool_execution.fence < excluded.fence)::int
        where tool_execution.status = 'started' and (tool_execution.fence = excluded.fence or ${again}::boolean)
      returning 1
    )
    select (select count(*) from held)::int as held, (select count(*) from permitted)::int as permitted, (select count(*) from started)::int as started`);
  if (row === undefined || row.held === 0) return "lost";
  if (row.permitted === 0) return "refused";
  return row.started === 1 ? "started" : "known";
};

/** Whether the body of a call was started, and has no result. */
export const hasOpenStart = async (
  database: Database,
  { workspaceId, completionId }: Pick<ClaimedCall["claim"], "workspaceId" | "completionId">,
  callId: string,
): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from tool_execution
    where workspace_id = ${workspaceId} and completion_id = ${completionId} and call_id = ${callId}
      and kind = 'inline' and status = 'started' and starts > 0`);
  return rows.length === 1;
};

/** Records the result of a call, once; a call without a row (its input was refused) gets one. May be repeated. False: the claim is lost. */
export const saveToolOutcome = async (
  database: Database,
  { claim, step, call }: ClaimedCall,
  outcome: CallOutcome,
): Promise<boolean> => {
  const rows = await database.query(sql`
    with held as (${holding(claim)})
    insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence, starts, outcome, finished_at)
    select ${claim.workspaceId}, ${claim.completionId}, ${call.callId}, ${step}, ${call.tool}, ${JSON.stringify(call.input ?? null)}::jsonb,
      'finished', ${claim.fence}, 0, ${JSON.stringify(outcome)}::jsonb, now() from held
    on conflict (workspace_id, completion_id, call_id) do update set status = 'finished', outcome = excluded.outcome, finished_at = now()
      where tool_execution.status = 'started' or tool_execution.fence = excluded.fence
    returning 1`);
  return rows.length === 1;
};
