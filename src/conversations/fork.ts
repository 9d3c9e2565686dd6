import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import { notFound, type Permit } from "../protocol/access.ts";
import type { Principal } from "../protocol/principal.ts";
import type { Conversation } from "../protocol/resources.ts";
import { findAttachableRow } from "../store/completion-rows.ts";
import { findConversation, insertConversation } from "../store/conversation-rows.ts";
import { copyBranch, findMessage } from "../store/message-rows.ts";
import { openConversation } from "./access.ts";
import type { ConversationContext } from "./context.ts";
import { toConversation } from "./resource.ts";

export interface ForkInput {
  readonly conversationId: string;
  /** Last message of the copy. Absent: the active leaf. */
  readonly messageId?: string | undefined;
}

/** Copies a branch into a new conversation of the caller's (N4). An answer that is still being written can't be the end of it. */
export const fork = async (
  context: ConversationContext,
  principal: Principal,
  input: ForkInput,
  permit: Permit,
): Promise<Conversation> => {
  const { database } = context;
  const { workspaceId } = principal;
  return database.transaction(async () => {
    const source = await openConversation(database, principal, { id: input.conversationId, permit });
    const leafId = input.messageId ?? source.active_leaf_id;
    const leaf = leafId === null ? undefined : await findMessage(database, workspaceId, source.id, leafId);
    if (input.messageId !== undefined && (leaf === undefined || leaf.deleted_at !== null)) throw notFound("message");
    const active = await findAttachableRow(database, workspaceId, source.id);
    if (leaf !== undefined && active?.message_id === leaf.id)
      throw new NatterError(
        "conflict",
        "This answer is still being written; fork when it has ended, or from an earlier message.",
      );
    const copy = await insertConversation(database, {
      workspaceId,
      id: createId(),
      ownerId: principal.userId,
      agent: source.agent,
      model: source.model,
      settings: source.settings,
      title: source.title,
      visibility: "private",
      pinned: false,
      temporary: source.temporary,
    });
    if (leaf !== undefined)
      await copyBranch(database, { workspaceId, conversationId: source.id, leafId: leaf.id }, copy.id);
    return toConversation((await findConversation(database, workspaceId, copy.id)) ?? copy);
  });
};
