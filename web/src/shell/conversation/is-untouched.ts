import type { ConversationStore } from "natter/client";

/** Whether nothing was said yet in a new conversation, and nothing of it is stored. */
export const isUntouched = (store: ConversationStore): boolean => {
  const { conversation, messages } = store.getSnapshot();
  return conversation === null && messages.length === 0;
};
