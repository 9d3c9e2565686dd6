import { createId, derivedId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import type { Brought } from "./brought.ts";

const mostTries = 100;

const wantedId = ({ conversation, messages }: Brought): string => {
  const { id } = conversation;
  if (id !== undefined && idSchema.safeParse(id).success) return id;
  const said = messages.map((message) => [message.id, message.createdAt].join(" "));
  return derivedId(id ?? "", conversation.title ?? "", conversation.createdAt ?? "", ...said);
};

export interface ChosenId {
  readonly id: string;
  /** The caller has this conversation already. */
  readonly isThere: boolean;
}

/**
 * Under which id a brought conversation is stored: its own, or, where that is somebody else's or deleted, one that is
 * the same each time this user brings it.
 */
export const chooseId = async (
  database: Database,
  { workspaceId, userId }: Principal,
  brought: Brought,
): Promise<ChosenId> => {
  const wanted = wantedId(brought);
  for (let number = 0; number < mostTries; number += 1) {
    const id = number === 0 ? wanted : derivedId(workspaceId, userId, wanted, String(number));
    const there = await findConversation(database, workspaceId, id);
    if (there === undefined) return { id, isThere: false };
    if (there.owner_id === userId && there.deleted_at === null) return { id, isThere: true };
  }
  return { id: createId(), isThere: false };
};
