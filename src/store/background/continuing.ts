import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { dueAt } from "../completion/due-at.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";

export interface Continuation {
  readonly workspaceId: string;
  readonly conversationId: string;
  /** The answer that is continued. */
  readonly parentId: string;
  /** The completion that is gone on with: its agent, model and settings. */
  readonly originId: string;
  readonly userId: string;
  readonly completionId: string;
  readonly messageId: string;
}

export interface ContinuedRow extends RevisionRow {
  /** Of the new answer. */
  readonly sequence: number;
}

/** Whether anything is at work in the conversation, or waits. */
export const isBusy = async (database: Database, workspaceId: string, conversationId: string): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from completion where workspace_id = ${workspaceId} and conversation_id = ${conversationId}
      and status in ('queued', 'running', 'waiting') limit 1`);
  return rows.length > 0;
};

/** Stores an answer that nobody asked for and its queued completion. The conversation's row must be locked by this transaction. */
export const insertContinuation = async (database: Database, next: Continuation): Promise<ContinuedRow | undefined> => {
  const { workspaceId, conversationId } = next;
  const rows = await database.query<ContinuedRow>(sql`
    with origin as (
      select agent, model, settings, instructions_by from completion where workspace_id = ${workspaceId} and id = ${next.originId}
    ), accepted as (
      update conversation set next_sequence = next_sequence + 1, message_count = message_count + 1, version = version + 1, updated_at = now()
      from origin where conversation.workspace_id = ${workspaceId} and conversation.id = ${conversationId}
      returning next_sequence - 1 as sequence, ${revision}
    ), placeholder as (
      insert into message (workspace_id, conversation_id, id, parent_id, sequence, role, completion_id)
      select ${workspaceId}, ${conversationId}, ${next.messageId}, ${next.parentId}, sequence, 'assistant', ${next.completionId} from accepted
    ), queued as (
      insert into completion (workspace_id, id, conversation_id, message_id, requested_by, agent, model, settings, instructions_by, due_at, rank)
      select ${workspaceId}, ${next.completionId}, ${conversationId}, ${next.messageId}, ${next.userId}, origin.agent, origin.model,
        origin.settings, origin.instructions_by, ${dueAt(workspaceId, next.userId)}, accepted.sequence from accepted, origin
    )
    select sequence, revision from accepted`);
  return rows[0];
};
