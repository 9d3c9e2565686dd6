import type { Database } from "../ports/database.ts";
import { notFound, type ConversationAccess, type Permit } from "../protocol/access.ts";
import type { Principal } from "../protocol/principal.ts";
import { findConversation, type ConversationRow } from "../store/conversation-rows.ts";

export const accessOf = (row: ConversationRow): ConversationAccess => ({
  workspaceId: row.workspace_id,
  ownerId: row.owner_id,
  visibility: row.visibility,
  deletedAt: row.deleted_at,
});

/** The conversation, if it is there and the permit lets it pass. */
export const openConversation = async (
  database: Database,
  principal: Principal,
  id: string,
  permit: Permit,
  options: { lock?: boolean; deleted?: boolean } = {},
): Promise<ConversationRow> => {
  const row = await findConversation(database, principal.workspaceId, id, options);
  if (row === undefined || (row.deleted_at !== null && options.deleted !== true)) throw notFound("conversation");
  permit(accessOf(row));
  return row;
};
