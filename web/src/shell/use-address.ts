import type { ConversationStore } from "natter/client";
import { useEffect } from "react";
import { useLocation } from "wouter";
import { conversationPath } from "./conversation/conversation-path.ts";
import { isUntouched } from "./conversation/is-untouched.ts";

/** The first message gives a new conversation its address. */
export const useAddress = (store: ConversationStore, isNew: boolean): void => {
  const [, navigate] = useLocation();
  useEffect(() => {
    // on the way to a new conversation the page is still drawn once with the one before
    if (!isNew || !isUntouched(store)) return;
    const stop = store.subscribe(() => {
      if (isUntouched(store)) return;
      stop();
      navigate(conversationPath(store.conversationId));
    });
    return stop;
  }, [store, isNew, navigate]);
};
