import type { Database } from "../ports/database.ts";
import { notFound, type Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { findCompletion, type CompletionRow } from "../store/completion/completion-rows.ts";
import { findConversation } from "../store/conversation/conversation-rows.ts";

/** Applies the permit to a conversation as it is now; one that is deleted counts as missing. */
export const admitTo = async (
  database: Database,
  { workspaceId, conversationId }: { readonly workspaceId: string; readonly conversationId: string },
  permit: Permit,
  what: Parameters<typeof notFound>[0] = "conversation",
): Promise<void> => {
  const row = await findConversation(database, workspaceId, conversationId);
  if (row === undefined || row.deleted_at !== null) throw notFound(what);
  permit({ workspaceId, ownerId: row.owner_id, visibility: row.visibility, deletedAt: row.deleted_at });
};

/** The completion, if it is there and its conversation's permit lets it pass. */
export const openCompletion = async (
  database: Database,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<CompletionRow> => {
  const { workspaceId } = principal;
  const row = await findCompletion(database, { workspaceId, completionId });
  if (row === undefined) throw notFound("completion");
  await admitTo(database, { workspaceId, conversationId: row.conversation_id }, permit, "completion");
  return row;
};
