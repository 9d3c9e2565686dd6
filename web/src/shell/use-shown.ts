import { useQueryClient } from "@tanstack/react-query";
import type { ConversationStore } from "natter/client";
import { useEffect } from "react";
import { putConversation } from "../sidebar/conversation-pages.ts";
import { forgetLanded } from "../sidebar/landed-results.ts";
import { markSeen } from "../sidebar/seen-conversations.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { useNatter } from "./natter-context.ts";

const warn = (error: unknown): void => console.warn("a conversation that was left could not be read", error);

/** What the page shows is seen, and stands in the sidebar as it is. */
export const useShown = (store: ConversationStore): void => {
  const client = useNatter();
  const queries = useQueryClient();
  const conversation = useConversation(store, (view) => view.conversation);
  useEffect(() => {
    if (conversation === null) return;
    putConversation(queries, conversation);
    const mark = (): void => {
      if (document.visibilityState !== "visible") return;
      markSeen(conversation);
      forgetLanded(conversation.id);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [queries, conversation]);
  useEffect(
    () => () => {
      const { conversation: last, live } = store.getSnapshot();
      // whoever leaves right after the end has seen it, though the page has not heard of it yet
      if (last !== null && last.activity !== "idle" && live === null)
        client.conversations.get(last.id).then(markSeen, warn);
    },
    [client, store],
  );
};
