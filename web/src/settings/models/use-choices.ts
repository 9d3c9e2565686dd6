import { useQueryClient } from "@tanstack/react-query";
import type { ChangeConversationBody, Conversation, ConversationStore } from "natter/client";
import { useMayShare } from "../../sharing/use-may-share.ts";
import { useNatter } from "../../shell/natter-context.ts";
import { putConversation } from "../../sidebar/list/conversation-pages.ts";
import { useConversation } from "../../thread/use-conversation.ts";
import { lastChoice } from "./last-choice.ts";
import type { Settings } from "../conversation/settings-draft.ts";

type ChoiceChange = Pick<ChangeConversationBody, "agent" | "model" | "settings">;

/** What answers in a conversation, and how it is changed. */
export interface Choices {
  /** False: the conversation is still read, and the rest says nothing of it. */
  readonly isKnown: boolean;
  /** Whether they are this person's to change. */
  readonly mayChange: boolean;
  /** Null: the server's default. */
  readonly agent: string | null;
  readonly model: string | null;
  readonly settings: Settings;
  /** Null: nothing is stored yet, and the choices go along with the first message. */
  readonly settingsVersion: number | null;
  /** With a version it is refused (412) when somebody changed it meanwhile. @throws RequestError */
  change(this: void, change: ChoiceChange, settingsVersion?: number | null): Promise<void>;
}

const remember = ({ agent, model }: ChoiceChange): void => {
  const before = lastChoice.get();
  lastChoice.set({ agent: agent ?? before.agent, model: model === undefined ? before.model : model });
};

/** The choices of a conversation, or those for a new one. */
export const useChoices = (store: ConversationStore, conversation: Conversation | null): Choices => {
  const client = useNatter();
  const queries = useQueryClient();
  const draft = useConversation(store, (view) => view.draft);
  const isNew = useConversation(store, (view) => view.load === "new");
  const isOwn = useMayShare(conversation);
  const { agent = null, model = null, settings = {} } = conversation ?? draft;
  return {
    isKnown: conversation !== null || isNew,
    mayChange: conversation === null || isOwn,
    agent,
    model,
    settings,
    settingsVersion: conversation?.settingsVersion ?? null,
    change: async (change, settingsVersion = null) => {
      if (conversation === null) {
        remember(change);
        return store.change(change);
      }
      const seen = settingsVersion === null ? {} : { settingsVersion };
      const changed = await client.conversations.change(conversation.id, change, seen);
      putConversation(queries, changed);
      await store.refresh();
    },
  };
};
