import type { QueryClient } from "@tanstack/react-query";
import type { ChangeConversationBody, Client, Conversation } from "natter/client";
import { messageOf } from "../ui/message-of.ts";
import { notify } from "../ui/notice/notices.ts";
import { dropConversation, putConversation } from "./list/conversation-pages.ts";
import { sidebarTexts } from "./sidebar-texts.ts";

/** What a person does to a conversation from its row or its header. */
export interface ConversationActions {
  rename(this: void, conversation: Conversation, title: string): void;
  pin(this: void, conversation: Conversation, isPinned: boolean): void;
  archive(this: void, conversation: Conversation): void;
  unarchive(this: void, conversation: Conversation): void;
  remove(this: void, conversation: Conversation): void;
}

export interface ConversationActionsOptions {
  readonly client: Client;
  readonly queries: QueryClient;
  /** Shows something else, if this conversation is what is shown. */
  readonly leave: (conversation: Conversation) => void;
}

const titleOf = ({ title }: Conversation): string => title ?? sidebarTexts.untitled;

/** The actions, shown at once and taken back when the server refuses them. */
export const createConversationActions = (options: ConversationActionsOptions): ConversationActions => {
  const { client, queries, leave } = options;
  const attempt = async (before: Conversation, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      putConversation(queries, before);
      notify(messageOf(error), { tone: "danger" });
    }
  };
  const change = (before: Conversation, patch: ChangeConversationBody, shown: Partial<Conversation>): void => {
    putConversation(queries, { ...before, ...shown });
    void attempt(before, async () => putConversation(queries, await client.conversations.change(before.id, patch)));
  };
  return {
    rename: (conversation, title) => change(conversation, { title }, { title }),
    pin: (conversation, pinned) => change(conversation, { pinned }, { pinned }),
    unarchive: (conversation) => change(conversation, { status: "active" }, { status: "active" }),
    archive: (conversation) => {
      const { status } = conversation;
      change(conversation, { status: "archived" }, { status: "archived" });
      leave(conversation);
      const archived: Conversation = { ...conversation, status: "archived" };
      notify(sidebarTexts.archived(titleOf(conversation)), { onUndo: () => change(archived, { status }, { status }) });
    },
    remove: (conversation) => {
      dropConversation(queries, conversation.id);
      leave(conversation);
      void attempt(conversation, () => client.conversations.remove(conversation.id));
      const restore = async (): Promise<void> =>
        putConversation(queries, await client.conversations.restore(conversation.id));
      notify(sidebarTexts.removed(titleOf(conversation)), { onUndo: () => void attempt(conversation, restore) });
    },
  };
};
