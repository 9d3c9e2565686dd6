import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Database } from "../ports/database.ts";
import type { Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Conversation } from "../protocol/resources.ts";
import { copyPlaces } from "../store/message/attachment-rows.ts";
import { isBranchOpen } from "../store/completion/completion-rows.ts";
import { findConversation, insertConversation, type ConversationRow } from "../store/conversation/conversation-rows.ts";
import { copyBranch } from "../store/message/message-rows.ts";
import { revisionOf } from "../store/conversation/revision.ts";
import { openConversation } from "./access.ts";
import { copyArtifacts } from "./artifacts/copy.ts";
import type { ConversationContext } from "./context.ts";
import { findPlacedMessage } from "./sending/placed-message.ts";
import { toConversation } from "./resource.ts";

export interface ForkInput {
  readonly conversationId: string;
  /** Last message of the copy. Absent: the active leaf. */
  readonly messageId?: string | undefined;
}

/** Last message of what is copied; null: there is none. */
const findLeaf = async (database: Database, source: ConversationRow, messageId?: string): Promise<string | null> => {
  if (messageId === undefined) return source.active_leaf_id;
  const key = { workspaceId: source.workspace_id, conversationId: source.id, id: messageId };
  return (await findPlacedMessage(database, key)).id;
};

/** Copies a branch into a new conversation of the caller's (N4). An answer that is still being written can't be on it. */
export const fork = async (
  context: ConversationContext,
  principal: Principal,
  input: ForkInput,
  permit: Permit,
): Promise<Conversation> => {
  const { database } = context;
  const { workspaceId } = principal;
  const forked = await database.transaction(async () => {
    const source = await openConversation(database, principal, { id: input.conversationId, permit });
    const leafId = await findLeaf(database, source, input.messageId);
    const branch = leafId === null ? null : { workspaceId, conversationId: source.id, leafId };
    if (branch !== null && (await isBranchOpen(database, branch)))
      throw new NatterError(
        "conflict",
        "An answer on this branch is still being written; fork when it has ended, or from an earlier message.",
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
      writtenBy: { title: source.title_by, instructions: source.instructions_by },
    });
    if (branch !== null) {
      await copyBranch(database, branch, copy.id);
      await copyPlaces(database, branch, copy.id);
      await copyArtifacts(database, branch, copy.id);
    }
    return (await findConversation(database, workspaceId, copy.id)) ?? copy;
  });
  publishHint(context.signals, revisionOf(forked), { kind: "conversation", id: forked.id });
  return toConversation(forked);
};
