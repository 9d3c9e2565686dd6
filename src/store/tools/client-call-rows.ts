import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CallOutcome } from "../../protocol/agent/tool.ts";
import { holding } from "../completion/held.ts";
import type { ClaimedCall } from "./tool-execution-rows.ts";

/** A call that runs in somebody's browser or app. */
export interface ClientCallRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly completion_id: string;
  readonly requested_by: string;
  readonly agent: string;
  readonly call_id: string;
  readonly tool: string;
  readonly input: unknown;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const selecting = sql`
  select call.workspace_id, call.id, completion.conversation_id, call.completion_id, completion.requested_by, completion.agent,
    call.call_id, call.tool, call.input, call.created_at, call.expires_at
  from tool_execution call join completion on completion.workspace_id = call.workspace_id and completion.id = call.completion_id`;

/** Records that a call waits for a client's result; may be repeated. Its outcome, where it has one already. Undefined: the claim is lost. */
export const insertClientCall = async (
  database: Database,
  { claim, step, call }: ClaimedCall,
  answerWithin: number,
): Promise<{ readonly outcome: CallOutcome | null } | undefined> => {
  const rows = await database.query<{ outcome: CallOutcome | null }>(sql`
    with held as (${holding(claim)})
    insert into tool_execution as call (workspace_id, completion_id, call_id, step, tool, input, kind, status, fence, starts, expires_at)
    select ${claim.workspaceId}, ${claim.completionId}, ${call.callId}, ${step}, ${call.tool}, ${JSON.stringify(call.input ?? null)}::jsonb,
      'client', 'waiting', ${claim.fence}, 0, now() + make_interval(secs => ${answerWithin / 1000}::float8)
    from held
    on conflict (workspace_id, completion_id, call_id) do update set call_id = excluded.call_id
    returning call.outcome`);
  return rows[0];
};

/** By the id of its execution. */
export const findClientCall = async (
  database: Database,
  workspaceId: string,
  id: string,
): Promise<ClientCallRow | undefined> => {
  const rows = await database.query<ClientCallRow>(
    sql`${selecting} where call.workspace_id = ${workspaceId} and call.id = ${id} and call.kind = 'client'`,
  );
  return rows[0];
};

/** Calls of a conversation whose result can be given now, oldest first. */
export const listOpenClientCalls = (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<ClientCallRow[]> =>
  database.query(sql`
    ${selecting} where completion.workspace_id = ${workspaceId} and completion.conversation_id = ${conversationId}
      and completion.status in ('running', 'waiting') and completion.cancel_requested_at is null
      and call.kind = 'client' and call.status = 'waiting' and call.expires_at > now()
    order by call.created_at, call.id`);

/** Records a client's result, or with `isLate` that none came in time. False: the call does not wait for it. */
export const answerClientCall = async (
  database: Database,
  { workspaceId, id, outcome }: { readonly workspaceId: string; readonly id: string; readonly outcome: CallOutcome },
  isLate: boolean,
): Promise<boolean> => {
  const rows = await database.query(sql`
    update tool_execution set status = 'finished', outcome = ${JSON.stringify(outcome)}::jsonb, finished_at = now()
    where workspace_id = ${workspaceId} and id = ${id} and kind = 'client' and status = 'waiting' and (expires_at <= now()) = ${isLate}::boolean
    returning 1`);
  return rows.length === 1;
};
