import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { CallApproval, Decision } from "../../protocol/approval.ts";
import { holding } from "../completion/held.ts";
import type { ClaimedCall } from "./tool-execution-rows.ts";

export interface ApprovalRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly completion_id: string;
  readonly call_id: string;
  readonly agent: string;
  readonly tool: string;
  readonly input: unknown;
  readonly input_hash: string;
  readonly user_id: string;
  readonly decision: CallApproval["decision"];
  readonly reason: string | null;
  readonly decided_by: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly decided_at: Date | null;
  /** Set: an `always` that was taken back. */
  readonly revoked_at: Date | null;
}

const columns = sql`approval.workspace_id, approval.id, approval.conversation_id, approval.completion_id, approval.call_id, approval.agent,
  approval.tool, approval.input, approval.input_hash, approval.user_id, approval.decision, approval.reason, approval.decided_by,
  approval.created_at, approval.expires_at, approval.decided_at, approval.revoked_at`;

/** What a question is bound to, besides the call. */
export interface NewApproval {
  readonly id: string;
  readonly agent: string;
  readonly inputHash: string;
  readonly userId: string;
  readonly conversationId: string;
  /** Milliseconds in which somebody has to decide. */
  readonly answerWithin: number;
}

/** Stores a question, once for each call; may be repeated. Undefined: the claim is lost. */
export const insertApproval = async (
  database: Database,
  { claim, call }: Pick<ClaimedCall, "claim" | "call">,
  approval: NewApproval,
): Promise<ApprovalRow | undefined> => {
  const rows = await database.query<ApprovalRow>(sql`
    with held as (${holding(claim)})
    insert into approval (workspace_id, id, conversation_id, completion_id, call_id, agent, tool, input, input_hash, user_id, expires_at)
    select ${claim.workspaceId}, ${approval.id}, ${approval.conversationId}, ${claim.completionId}, ${call.callId}, ${approval.agent},
      ${call.tool}, ${JSON.stringify(call.input ?? null)}::jsonb, ${approval.inputHash}, ${approval.userId},
      now() + make_interval(secs => ${approval.answerWithin / 1000}::float8)
    from held
    on conflict (completion_id, call_id, workspace_id) do update set call_id = excluded.call_id
    returning ${columns}`);
  return rows[0];
};

/** Whether somebody has allowed this tool of this agent for the rest of the conversation, for what this user asks. */
export const isAlwaysAllowed = async (
  database: Database,
  call: Pick<ApprovalRow, "workspace_id" | "conversation_id" | "agent" | "tool" | "user_id">,
): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from approval where workspace_id = ${call.workspace_id} and conversation_id = ${call.conversation_id} and tool = ${call.tool}
      and agent = ${call.agent} and user_id = ${call.user_id} and decision = 'always'
      and revoked_at is null limit 1`);
  return rows.length === 1;
};

export const listApprovalRows = (database: Database, key: CompletionKey): Promise<ApprovalRow[]> =>
  database.query(sql`
    select ${columns} from approval where workspace_id = ${key.workspaceId} and completion_id = ${key.completionId} order by created_at, call_id`);

/** Questions of a conversation that can be decided now, oldest first. */
export const listOpenApprovalRows = (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<ApprovalRow[]> =>
  database.query(sql`
    select ${columns} from approval join completion on completion.workspace_id = approval.workspace_id and completion.id = approval.completion_id
    where approval.workspace_id = ${workspaceId} and approval.conversation_id = ${conversationId} and approval.decision is null
      and approval.expires_at > now() and completion.status in ('running', 'waiting') and completion.cancel_requested_at is null
    order by approval.created_at, approval.id`);

export const findApprovalRow = async (
  database: Database,
  workspaceId: string,
  id: string,
): Promise<ApprovalRow | undefined> => {
  const rows = await database.query<ApprovalRow>(
    sql`select ${columns} from approval where workspace_id = ${workspaceId} and id = ${id}`,
  );
  return rows[0];
};

export interface DecidedApproval {
  readonly workspaceId: string;
  readonly id: string;
  readonly decision: Decision | "expired";
  readonly decidedBy: string | null;
  readonly reason: string | null;
}

/** Decides a question that is open and in time, or notes that its time is over. False: there is none. */
export const decideApprovalRow = async (database: Database, decided: DecidedApproval): Promise<boolean> => {
  const isLate = decided.decision === "expired";
  const rows = await database.query(sql`
    update approval set decision = ${decided.decision}, decided_by = ${decided.decidedBy}, decided_at = now(), reason = ${decided.reason}
    where workspace_id = ${decided.workspaceId} and id = ${decided.id} and decision is null and (expires_at <= now()) = ${isLate}::boolean
    returning 1`);
  return rows.length === 1;
};

const mostListed = 200;

/** What is always allowed in a conversation and was not taken back: the newest `always` for each tool, agent and user. */
export const listAlwaysAllowedRows = (
  database: Database,
  workspaceId: string,
  conversationId: string,
): Promise<ApprovalRow[]> =>
  database.query(sql`
    select distinct on (approval.tool, approval.agent, approval.user_id) ${columns} from approval
    where approval.workspace_id = ${workspaceId} and approval.conversation_id = ${conversationId} and approval.decision = 'always'
      and approval.revoked_at is null
    order by approval.tool, approval.agent, approval.user_id, approval.decided_at desc, approval.id limit ${mostListed}`);

/** Takes an `always` back, and any other that allows the same. False: there is none, or it was taken back before. */
export const revokeApprovalRow = async (
  database: Database,
  { workspaceId, id, by }: { readonly workspaceId: string; readonly id: string; readonly by: string },
): Promise<boolean> => {
  const rows = await database.query(sql`
    update approval set revoked_at = now(), revoked_by = ${by} from approval named
    where named.workspace_id = ${workspaceId} and named.id = ${id} and named.decision = 'always' and named.revoked_at is null
      and approval.workspace_id = named.workspace_id and approval.conversation_id = named.conversation_id and approval.tool = named.tool
      and approval.agent = named.agent and approval.user_id = named.user_id and approval.decision = 'always'
      and approval.revoked_at is null returning 1`);
  return rows.length > 0;
};
