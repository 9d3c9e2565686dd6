import { useQueryClient } from "@tanstack/react-query";
import type { ChangeConversationBody, Conversation, ConversationStore } from "natter/client";
import { useSyncExternalStore } from "react";
import { useNatter } from "../shell/natter-context.ts";
import { markSeen } from "../sidebar/seen-versions.ts";
import { putConversation } from "../sidebar/conversation-pages.ts";
import { draftChoices, type DraftChoices } from "./draft-choices.ts";

/** What answers in a conversation, and how it is changed. */
export interface Choices extends DraftChoices {
  /** Null: nothing is stored yet, and the choices go along with the first message. */
  readonly settingsVersion: number | null;
  /** With a version it is refused (412) when somebody changed it meanwhile. @throws RequestError */
  change(this: void, change: Partial<DraftChoices>, settingsVersion?: number | null): Promise<void>;
}

const bodyOf = ({ agent, model, settings }: Partial<DraftChoices>): ChangeConversationBody => ({
  ...(agent === undefined || agent === null ? {} : { agent }),
  ...(model === undefined ? {} : { model }),
  ...(settings === undefined ? {} : { settings }),
});

/** The choices of a conversation, or those for a new one. */
export const useChoices = (store: ConversationStore, conversation: Conversation | null): Choices => {
  const client = useNatter();
  const queries = useQueryClient();
  const draft = useSyncExternalStore(draftChoices.subscribe, draftChoices.get);
  if (conversation === null) {
    return {
      ...draft,
      settingsVersion: null,
      change: async (change) => draftChoices.set({ ...draftChoices.get(), ...change }),
    };
  }
  const { agent, model, settings, settingsVersion } = conversation;
  return {
    agent,
    model,
    settings,
    settingsVersion,
    change: async (change, version = null) => {
      const body = bodyOf(change);
      const seen = version === null ? {} : { settingsVersion: version };
      const changed = await client.conversations.change(conversation.id, body, seen);
      markSeen(changed);
      putConversation(queries, changed);
      await store.refresh();
    },
  };
};
