import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { MessageKey } from "../message/message-rows.ts";
import { revision, type RevisionRow } from "./revision.ts";

export interface VoteRow {
  readonly value: "up" | "down";
  readonly reason: string | null;
  readonly updated_at: Date;
}

/** The message that is voted on, and who votes. */
export interface VoteKey extends MessageKey {
  readonly userId: string;
}

export const findVote = async (database: Database, key: VoteKey): Promise<VoteRow | undefined> => {
  const rows = await database.query<VoteRow>(sql`
    select value, reason, updated_at from vote where workspace_id = ${key.workspaceId} and conversation_id = ${key.conversationId}
      and message_id = ${key.id} and user_id = ${key.userId}`);
  return rows[0];
};

/** Raises the version of the conversation if `changed` has a row; its place in lists stays. */
const raising = (key: MessageKey) => sql`
  update conversation set version = version + 1 from changed
  where conversation.workspace_id = ${key.workspaceId} and conversation.id = ${key.conversationId} returning ${revision}`;

/** Stores or replaces a vote. */
export const putVote = async (
  database: Database,
  key: VoteKey,
  vote: Pick<VoteRow, "value" | "reason">,
): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with changed as (
      insert into vote (workspace_id, conversation_id, message_id, user_id, value, reason)
      values (${key.workspaceId}, ${key.conversationId}, ${key.id}, ${key.userId}, ${vote.value}, ${vote.reason})
      on conflict (message_id, user_id, conversation_id, workspace_id)
        do update set value = excluded.value, reason = excluded.reason, updated_at = now()
      returning 1)
    ${raising(key)}`);
  return rows[0]?.revision;
};

/** Undefined: there was none. */
export const deleteVote = async (database: Database, key: VoteKey): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with changed as (
      delete from vote where workspace_id = ${key.workspaceId} and conversation_id = ${key.conversationId}
        and message_id = ${key.id} and user_id = ${key.userId} returning 1)
    ${raising(key)}`);
  return rows[0]?.revision;
};
