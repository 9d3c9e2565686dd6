import { useQueryClient } from "@tanstack/react-query";
import type { Conversation, ConversationStore } from "natter/client";
import { useEffect, useRef } from "react";
import { clearUnread, putConversation } from "../../sidebar/list/conversation-pages.ts";
import { forgetLanded } from "../../sidebar/row/landed-results.ts";
import { markSeen } from "../../sidebar/list/seen-conversations.ts";
import { useConversation } from "../../thread/use-conversation.ts";
import { useNatter } from "../natter-context.ts";

const warn = (error: unknown): void => console.warn("that a conversation was seen could not be told", error);

/** What the page shows is seen, and stands in the sidebar as it is. */
export const useShown = (store: ConversationStore): void => {
  const client = useNatter();
  const queries = useQueryClient();
  const conversation = useConversation(store, (view) => view.conversation);
  const told = useRef("");
  useEffect(() => {
    if (conversation === null) return;
    putConversation(queries, conversation);
    const tell = ({ id, updatedAt }: Conversation): void => {
      const state = `${id} ${updatedAt}`;
      if (told.current === state) return;
      told.current = state;
      clearUnread(queries, id);
      client.conversations.see(id).catch(warn);
    };
    const mark = (): void => {
      if (document.visibilityState !== "visible") return;
      markSeen(conversation);
      forgetLanded(conversation.id);
      tell(conversation);
    };
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [client, queries, conversation]);
  useEffect(
    () => () => {
      const { conversation: last, live } = store.getSnapshot();
      // whoever leaves right after the end has seen it, though the page has not heard of it yet
      if (last !== null && last.activity !== "idle" && live === null)
        client.conversations
          .get(last.id)
          .then((left) => {
            markSeen(left);
            return client.conversations.see(left.id);
          })
          .catch(warn);
    },
    [client, store],
  );
};
