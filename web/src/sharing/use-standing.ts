import type { Conversation } from "natter/client";
import { useMe } from "../shell/use-me.ts";

/** What this person may do in a conversation: write, only read, or nothing before it is moved back from the archive. */
export type ConversationStanding = "writer" | "reader" | "archived";

export const useStanding = (conversation: Conversation | null): ConversationStanding => {
  const me = useMe();
  if (me?.role === "reader") return "reader";
  return conversation?.status === "archived" ? "archived" : "writer";
};
