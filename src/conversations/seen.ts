import { publishHint } from "../completions/hints.ts";
import type { Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { revisionOf } from "../store/conversation/revision.ts";
import { markSeen } from "../store/conversation/seen-rows.ts";
import { openConversation } from "./access.ts";
import type { ConversationContext } from "./context.ts";

/** The caller has seen what is in a conversation now; their other devices are told where that clears a mark (N10). */
export const see = async (
  { database, signals }: ConversationContext,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<void> => {
  const conversation = await openConversation(database, principal, { id, permit });
  const wasUnread = await markSeen(database, principal.workspaceId, id, principal.userId);
  const isOwn = conversation.owner_id === principal.userId;
  if (wasUnread && isOwn) publishHint(signals, revisionOf(conversation), { kind: "seen", id });
};
