import sql, { type Sql } from "sql-template-tag";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ConversationRow } from "./conversation-rows.ts";

/** Answer of a statement that wrote to a conversation. */
export interface RevisionRow {
  readonly revision: ConversationRevision;
}

/** The column of a RevisionRow, of the table `conversation`. */
export const revision: Sql = sql`jsonb_build_object('workspaceId', conversation.workspace_id, 'conversationId', conversation.id,
  'ownerId', conversation.owner_id, 'visibility', conversation.visibility, 'isDeleted', conversation.deleted_at is not null,
  'version', conversation.version) as revision`;

export const revisionOf = (row: ConversationRow): ConversationRevision => ({
  workspaceId: row.workspace_id,
  conversationId: row.id,
  ownerId: row.owner_id,
  visibility: row.visibility,
  isDeleted: row.deleted_at !== null,
  version: row.version,
});
