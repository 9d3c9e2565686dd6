import type { Conversation } from "natter/client";
import { useMe } from "../shell/use-me.ts";

/** Whether this person decides who else may read a conversation. */
export const useMayShare = (conversation: Conversation | null): boolean => {
  const me = useMe();
  return conversation !== null && me?.userId === conversation.ownerId && me.role !== "reader";
};
