import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Claimed } from "./held.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";

/** What a claim waits for: approvals by their id, results of clients by their call. */
export interface OpenQuestions {
  readonly approvalIds: readonly string[];
  readonly callIds: readonly string[];
}

/** Locks a claim's completion against everybody who answers it. False: the claim is lost. */
export const lockClaimed = async (database: Database, claim: Claimed): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from completion where workspace_id = ${claim.workspaceId} and id = ${claim.completionId} and fence = ${claim.fence} and status = 'running'
    for no key update`);
  return rows.length === 1;
};

/** Whether one of the questions has been answered, or the completion is to stop: there is something to go on with. */
export const hasAnswer = async (
  database: Database,
  key: CompletionKey,
  { approvalIds, callIds }: OpenQuestions,
): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from completion where workspace_id = ${key.workspaceId} and id = ${key.completionId} and (cancel_requested_at is not null
      or exists (select 1 from approval where approval.workspace_id = ${key.workspaceId} and approval.completion_id = ${key.completionId}
        and approval.id = any(${approvalIds}) and approval.decision is not null)
      or exists (select 1 from tool_execution call where call.workspace_id = ${key.workspaceId} and call.completion_id = ${key.completionId}
        and call.call_id = any(${callIds}) and call.status = 'finished'))`);
  return rows.length === 1;
};

/** Parks a completion that is locked: no lease, and its message holds what the log has shown. */
export const parkCompletion = async (
  database: Database,
  key: CompletionKey,
  parts: readonly Part[],
): Promise<RevisionRow | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with parked as (
      update completion set status = 'waiting', worker_id = null, lease_until = null, snapshot = null
      where workspace_id = ${key.workspaceId} and id = ${key.completionId} and status = 'running'
      returning workspace_id, conversation_id, message_id
    ), shown as (
      update message set parts = ${JSON.stringify(parts)}::jsonb from parked
      where message.workspace_id = parked.workspace_id and message.conversation_id = parked.conversation_id and message.id = parked.message_id
        and message.deleted_at is null
    )
    update conversation set version = version + 1, updated_at = now() from parked
    where conversation.workspace_id = parked.workspace_id and conversation.id = parked.conversation_id returning ${revision}`);
  return rows[0];
};

/** Makes a completion that waits due again, as if it had been handed over; one that runs is left alone. Tells viewers in both cases. */
export const resumeCompletion = async (database: Database, key: CompletionKey): Promise<RevisionRow | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with due as (
      update completion set status = 'running', worker_id = null, lease_until = now() - interval '1 millisecond'
      where workspace_id = ${key.workspaceId} and id = ${key.completionId} and status = 'waiting'
    )
    update conversation set version = version + 1, updated_at = now() from completion
    where completion.workspace_id = ${key.workspaceId} and completion.id = ${key.completionId}
      and conversation.workspace_id = completion.workspace_id and conversation.id = completion.conversation_id returning ${revision}`);
  return rows[0];
};

/** A question whose time is over. */
export interface OverdueRow {
  readonly workspace_id: string;
  readonly completion_id: string;
  /** Of an approval, or of a call that waits for a client. */
  readonly id: string;
  readonly kind: "approval" | "call";
}

/** Questions whose time is over, oldest first. */
export const listOverdue = (database: Database, limit: number): Promise<OverdueRow[]> =>
  database.query(sql`
    select workspace_id, completion_id, id, kind from (
      (select workspace_id, completion_id, id, 'approval' as kind, expires_at from approval
        where decision is null and expires_at <= now() order by expires_at limit ${limit})
      union all
      (select workspace_id, completion_id, id, 'call' as kind, expires_at from tool_execution
        where status = 'waiting' and kind = 'client' and expires_at <= now() order by expires_at limit ${limit})
    ) overdue order by expires_at limit ${limit}`);
