import { announceAll, cancelAll } from "../completions/cancel.ts";
import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import { notFound, type Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Conversation } from "../protocol/resources.ts";
import { setConversationDeleted } from "../store/conversation/conversation-rows.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { revisionOf } from "../store/conversation/revision.ts";
import { openConversation } from "./access.ts";
import type { ConversationContext } from "./context.ts";
import { toConversation } from "./resource.ts";

/** Days in which a deleted conversation can be brought back. */
export const restoreDays = 30;

/** Takes a conversation out of every list and answer, and stops what runs in it. It can be restored for 30 days. */
export const remove = async (
  context: ConversationContext,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<void> => {
  const { database } = context;
  const { cancelled, deleted } = await database.transaction(async () => {
    const { owner_id: ownerId } = await openConversation(database, principal, { id, permit });
    // once before the conversation is locked, in the order in which workers lock, and once for what came in between
    const place = { workspaceId: principal.workspaceId, conversationId: id };
    const first = await cancelAll(database, place, principal.userId);
    const row = await setConversationDeleted(database, principal.workspaceId, id, true);
    if (ownerId !== principal.userId)
      await recordDeed(database, principal, { action: "conversation.remove", subjectId: ownerId, target: id });
    return { deleted: row, cancelled: [...first, ...(await cancelAll(database, place, principal.userId))] };
  });
  announceAll(context, cancelled);
  if (deleted !== undefined) publishHint(context.signals, revisionOf(deleted), { kind: "conversation", id });
};

/** Brings a deleted conversation back. */
export const restore = async (
  context: ConversationContext,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<Conversation> => {
  const restored = await context.database.transaction(async () => {
    const before = await openConversation(context.database, principal, { id, permit, lock: true, deleted: true });
    if (before.deleted_at === null) return before;
    if (before.deleted_at.getTime() < Date.now() - restoreDays * 86_400_000) {
      throw new NatterError("not_found", "There is no such conversation.");
    }
    const after = await setConversationDeleted(context.database, principal.workspaceId, id, false);
    if (after === undefined) throw notFound("conversation");
    return after;
  });
  publishHint(context.signals, revisionOf(restored), { kind: "conversation", id });
  return toConversation(restored);
};
