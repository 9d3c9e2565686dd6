import sql, { empty } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import { holding } from "../completion/held.ts";
import { backgroundKind } from "../job-rows.ts";
import { revision } from "../conversation/revision.ts";
import { permitted, type ClaimedCall, type Permission } from "../tools/tool-execution-rows.ts";
import { openStatuses } from "./execution-rows.ts";

export interface NewExecution {
  readonly id: string;
  readonly jobId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly userId: string;
  readonly agent: string;
  readonly secret: string;
  /** What the model is told at once. */
  readonly outcome: ToolOutcome;
  /** Executions of the user that may be open, this one included. */
  readonly perUser: number;
  /** The decision that the call rests on; absent: it needs none. */
  readonly permission?: Permission | undefined;
}

/** `known`: the call has a result already. `full`: the user has as many open as may be. `refused`: nobody allowed this call with this input. `lost`: the claim is. */
export type ExecutionStart =
  | { readonly status: "started"; readonly revision: ConversationRevision }
  | { readonly status: "known"; readonly outcome: ToolOutcome }
  | { readonly status: "full" | "lost" | "refused" };

/**
 * The checkpoint of a call that goes on in the background: its recorded result, the execution and the job that does it, in
 * one statement. May be repeated.
 */
export const insertExecution = async (
  database: Database,
  claimed: ClaimedCall,
  execution: NewExecution,
): Promise<ExecutionStart> => {
  const { claim, step, call } = claimed;
  const { permission } = execution;
  const input = JSON.stringify(call.input ?? null);
  const { workspaceId, completionId } = claim;
  const [row] = await database.query<{
    held: number;
    allowed: number;
    room: number;
    revision: ConversationRevision | null;
    known: ToolOutcome | null;
  }>(sql`
    with held as (${holding(claim)}), allowed as (
      select 1 from held ${permission === undefined ? empty : permitted(claimed, permission)}
    ), room as (
      select 1 from allowed where (select count(*) from (select 1 from background_execution
        where user_id = ${execution.userId} and status = any(${openStatuses}) limit ${execution.perUser}::int) open) < ${execution.perUser}
    ), called as (
      insert into tool_execution (workspace_id, completion_id, call_id, step, tool, input, status, fence, starts, outcome, finished_at, id, kind)
      select ${workspaceId}, ${completionId}, ${call.callId}, ${step}, ${call.tool}, ${input}::jsonb, 'finished', ${claim.fence}, 0,
        ${JSON.stringify(execution.outcome)}::jsonb, now(), ${execution.id}, 'background' from room
      on conflict (workspace_id, completion_id, call_id) do update
        set status = 'finished', outcome = excluded.outcome, finished_at = now(), id = excluded.id, kind = 'background'
        where tool_execution.outcome is null
      returning id
    ), begun as (
      insert into background_execution (workspace_id, id, conversation_id, completion_id, message_id, call_id, user_id, agent, tool, input, secret)
      select ${workspaceId}, called.id, ${execution.conversationId}, ${completionId}, ${execution.messageId}, ${call.callId},
        ${execution.userId}, ${execution.agent}, ${call.tool}, ${input}::jsonb, ${execution.secret} from called
    ), ordered as (
      insert into job (workspace_id, id, kind, subject, payload)
      select ${workspaceId}, ${execution.jobId}, ${backgroundKind}, called.id, '{}'::jsonb from called
    ), told as (
      update conversation set version = version + 1 from called
      where conversation.workspace_id = ${workspaceId} and conversation.id = ${execution.conversationId} returning ${revision}
    )
    select (select count(*) from held)::int as held, (select count(*) from allowed)::int as allowed, (select count(*) from room)::int as room, (select revision from told) as revision,
      (select outcome from tool_execution earlier where earlier.workspace_id = ${workspaceId} and earlier.completion_id = ${completionId}
        and earlier.call_id = ${call.callId}) as known`);
  if (row === undefined || row.held === 0) return { status: "lost" };
  if (row.allowed === 0) return { status: "refused" };
  if (row.known !== null) return { status: "known", outcome: row.known };
  return row.revision === null ? { status: "full" } : { status: "started", revision: row.revision };
};
