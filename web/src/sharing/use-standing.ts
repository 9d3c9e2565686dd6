import type { Conversation } from "natter/client";
import { useMe } from "../shell/use-me.ts";

/** What this person may do in a conversation: write, only read, or move it back from the archive first. */
export type ConversationStanding = "writer" | "reader" | "archived";

export const useStanding = (conversation: Conversation | null): ConversationStanding => {
  const me = useMe();
  if (me?.role === "reader") return "reader";
  const isOwn = conversation !== null && conversation.ownerId === me?.userId;
  return isOwn && conversation.status === "archived" ? "archived" : "writer";
};
