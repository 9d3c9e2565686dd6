import sql from "sql-template-tag";
import type { CompletionKey } from "../ports/queue.ts";
import type { FinishReason, Part } from "../protocol/chunk.ts";
import type { Usage } from "../protocol/model.ts";
import type { ToolCall, ToolOutcome } from "../protocol/tool.ts";
import type { Database } from "../ports/database.ts";
import type { Snapshot, StatusColumn } from "./completion-rows.ts";
import { settling, type ExactUsage } from "./usage-rows.ts";

/** A claim: the completion and the fence that every write of it must still find. */
export interface Claimed extends CompletionKey {
  readonly fence: number;
}

/** True only while `claim` is the newest claim of a completion that runs; locks the row against a take-over. */
const holding = (claim: Claimed) => sql`
  select 1 from completion where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' for share`;

export interface StepRow {
  readonly step: number;
  readonly parts: readonly Part[];
  readonly calls: readonly ToolCall[];
  readonly finish_reason: FinishReason;
  readonly usage: Usage | null;
  readonly provider_metadata: unknown;
}

export const listStepRows = (database: Database, key: CompletionKey): Promise<StepRow[]> =>
  database.query(sql`
    select step, parts, calls, finish_reason, usage, provider_metadata from completion_step
    where workspace_id = ${key.workspaceId} and completion_id = ${key.completionId} order by step`);

/** *Model done*: stores the step, makes its ledger entry exact, forgets crashes and snapshot. False: the claim is lost. */
export const insertStep = async (database: Database, claim: Claimed, step: StepRow, exact: ExactUsage): Promise<boolean> => {
  const rows = await database.query(sql`
    with held as (
      update completion set crashes = 0, snapshot = null
      where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' returning 1
    ), paid as (${settling(claim, step.step, exact)} and exists (select 1 from held) returning 1)
    insert into completion_step (workspace_id, completion_id, step, fence, parts, calls, finish_reason, usage, provider_metadata)
    select ${claim.workspaceId}, ${claim.completionId}, ${step.step}, ${claim.fence}, ${JSON.stringify(step.parts)}::jsonb,
      ${JSON.stringify(step.calls)}::jsonb, ${step.finish_reason}, ${step.usage === null ? null : JSON.stringify(step.usage)}::jsonb,
      ${step.provider_metadata === undefined ? null : JSON.stringify(step.provider_metadata)}::jsonb
    from held returning 1`);
  return rows.length === 1;
};

/** Keeps what was shown of the open step, for the case that every worker dies. False: the claim is lost. */
export const saveSnapshot = async (database: Database, claim: Claimed, snapshot: Snapshot): Promise<boolean> => {
  const rows = await database.query(sql`
    update completion set snapshot = ${JSON.stringify(snapshot)}::jsonb
    where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running' returning 1`);
  return rows.length === 1;
};

export interface ToolExecutionRow {
  readonly call_id: string;
  readonly tool: string;
  readonly input: unknown;
  readonly status: "started" | "finished";
  readonly fence: number;
  readonly outcome: ToolOutcome | null;
}

export const listToolExecutionRows = (database: Database, key: CompletionKey): Promise<ToolExecutionRow[]> =>
  database.query(sql`
    select call_id, tool, input, status, fence, outcome from tool_execution
    where workspace_id = ${key.workspaceId} and completion_id = ${key.completionId} order by created_at, call_id`);

/** `started`: run the body now. `known`: it was started before. `lost`: the claim is. */
export type ToolStart = "started" | "known" | "lost";

/** Records that the body of a call is about to run, before it does. `again`: also if an earlier claim has started it. */
export const insertToolStart = async (database: Database, claim: Claimed, step: number, call: ToolCall, again: boolean): Promise<ToolStart> => {
  const [row] = await database.query<{ held: number; started: number }>(sql`
    with held as (${holding(claim)}), started as (
      insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence)
      select ${claim.workspaceId}, ${claim.completionId}, ${call.callId}, ${step}, ${call.tool}, ${JSON.stringify(call.input ?? null)}::jsonb, 'started', ${claim.fence}
      from held
      on conflict (workspace_id, completion_id, call_id) do update set fence = excluded.fence, starts = tool_execution.starts + 1
        where ${again} and tool_execution.status = 'started' and tool_execution.fence < excluded.fence
      returning 1
    )
    select (select count(*) from held)::int as held, (select count(*) from started)::int as started`);
  if (row === undefined || row.held === 0) return "lost";
  return row.started === 1 ? "started" : "known";
};

/** Records the result of a call, once; a call without a row (its input was refused) gets one. False: the claim is lost or there is a result. */
export const saveToolOutcome = async (database: Database, claim: Claimed, step: number, call: ToolCall, outcome: ToolOutcome): Promise<boolean> => {
  const rows = await database.query(sql`
    with held as (${holding(claim)})
    insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence, starts, outcome, finished_at)
    select ${claim.workspaceId}, ${claim.completionId}, ${call.callId}, ${step}, ${call.tool}, ${JSON.stringify(call.input ?? null)}::jsonb,
      'finished', ${claim.fence}, 0, ${JSON.stringify(outcome)}::jsonb, now() from held
    on conflict (workspace_id, completion_id, call_id) do update set status = 'finished', outcome = excluded.outcome, finished_at = now()
      where tool_execution.status = 'started'
    returning 1`);
  return rows.length === 1;
};

export interface EndedCompletion {
  readonly to: StatusColumn;
  readonly from: readonly StatusColumn[];
  readonly parts: readonly Part[];
  readonly finishReason: FinishReason | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** Ends a completion: message parts, usage, status and the conversation's version, in one statement. False: the claim is lost. */
export const endCompletion = async (database: Database, claim: Claimed, end: EndedCompletion): Promise<boolean> => {
  const rows = await database.query(sql`
    with bill as (
      select sum(input_tokens) as input, sum(output_tokens) as output, sum(cache_read_tokens) as cached, sum(reasoning_tokens) as reasoned,
        sum(cost_micros) as cost, bool_or(estimated) as estimated
      from usage where workspace_id = ${claim.workspaceId} and completion_id = ${claim.completionId}
    ), ended as (
      update completion set status = ${end.to}, finish_reason = ${end.finishReason},
        error = ${end.error === null ? null : JSON.stringify(end.error)}::jsonb, cost_micros = bill.cost,
        usage = case when bill.input is null then null else jsonb_build_object('inputTokens', bill.input, 'outputTokens', bill.output,
          'cacheReadTokens', bill.cached, 'reasoningTokens', bill.reasoned, 'estimated', bill.estimated) end,
        lease_until = null, worker_id = null, snapshot = null, finished_at = now()
      from bill
      where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = any(${end.from})
      returning conversation_id, message_id
    ), written as (
      update message set parts = ${JSON.stringify(end.parts)}::jsonb from ended
      where message.workspace_id = ${claim.workspaceId} and message.conversation_id = ended.conversation_id and message.id = ended.message_id
        and message.deleted_at is null
      returning 1
    )
    update conversation set version = version + 1, updated_at = now() from ended
    where conversation.workspace_id = ${claim.workspaceId} and conversation.id = ended.conversation_id returning 1`);
  return rows.length === 1;
};
