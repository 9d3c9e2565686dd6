import type { Database } from "../ports/database.ts";
import { notFound, type ConversationAccess, type Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { findConversation, type ConversationRow } from "../store/conversation/conversation-rows.ts";

export const accessOf = (row: ConversationRow): ConversationAccess => ({
  workspaceId: row.workspace_id,
  ownerId: row.owner_id,
  visibility: row.visibility,
  deletedAt: row.deleted_at,
});

export interface Opening {
  readonly id: string;
  readonly permit: Permit;
  /** Holds the row until the transaction ends. */
  readonly lock?: boolean;
  /** Also one that is deleted. */
  readonly deleted?: boolean;
}

/** The conversation, if it is there and the permit lets it pass. */
export const openConversation = async (
  database: Database,
  principal: Principal,
  { id, permit, lock = false, deleted = false }: Opening,
): Promise<ConversationRow> => {
  const row = await findConversation(database, principal.workspaceId, id, { lock });
  if (row === undefined || (row.deleted_at !== null && !deleted)) throw notFound("conversation");
  permit(accessOf(row));
  return row;
};
