import type { ConversationStore } from "natter/client";
import { useEffect } from "react";

/** Tells those who have the conversation open that something is written here; the server forgets it by itself. */
export const useWritingSignal = (store: ConversationStore, text: string): void => {
  useEffect(() => {
    const isTyping = text !== "" && document.activeElement?.id === "composer";
    if (isTyping || text === "") store.setWriting(isTyping);
  }, [store, text]);
  useEffect(() => () => store.setWriting(false), [store]);
};
