import { useQueryClient } from "@tanstack/react-query";
import type { ConversationStore } from "natter/client";
import { useRef } from "react";
import { useLocation } from "wouter";
import { putConversation } from "../../sidebar/list/conversation-pages.ts";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import { conversationPath } from "./conversation-path.ts";
import { useNatter } from "../natter-context.ts";

/** Copies the branch that ends in a message, and shows the copy. */
export const useFork = (store: ConversationStore): ((messageId: string) => void) => {
  const client = useNatter();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const isForking = useRef(false);
  return (messageId) => {
    if (isForking.current) return;
    isForking.current = true;
    client.conversations
      .fork(store.conversationId, messageId)
      .then((fork) => {
        putConversation(queries, fork);
        navigate(conversationPath(fork.id));
      })
      .catch((error: unknown) => notify(messageOf(error), { tone: "danger" }))
      .finally(() => {
        isForking.current = false;
      });
  };
};
