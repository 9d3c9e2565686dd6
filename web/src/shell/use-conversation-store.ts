import { createConversationStore, type Client, type ConversationStore } from "natter/client";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { draftChoices } from "../settings/draft-choices.ts";
import { branchMemory } from "./branch-memory.ts";
import { useNatter } from "./natter-context.ts";

const isUntouched = (store: ConversationStore): boolean => {
  const { conversation, messages } = store.getSnapshot();
  return conversation === null && messages.length === 0;
};

/** A new conversation begins with what was chosen for it on this device. */
const withDraftChoices = (store: ConversationStore): ConversationStore => ({
  ...store,
  send: (content, options = {}) => {
    if (!isUntouched(store)) return store.send(content, options);
    const { agent, model, settings } = draftChoices.get();
    draftChoices.set({ agent, model, settings: {} });
    return store.send(content, {
      ...(agent === null ? {} : { agent }),
      ...(model === null ? {} : { model }),
      ...(Object.keys(settings).length === 0 ? {} : { settings }),
      ...options,
    });
  },
});

const openStore = (client: Client, conversationId: string | null): ConversationStore => {
  const store = createConversationStore(client, conversationId ?? undefined, { branchMemory });
  return conversationId === null ? withDraftChoices(store) : store;
};

/**
 * The store of the conversation in the address; null in the address: of a new one, which keeps its store when its first
 * message gives it an address. Null at first.
 */
export const useConversationStore = (conversationId: string | null): ConversationStore | null => {
  const client = useNatter();
  const open = useRef<ConversationStore | null>(null);
  const [store, setStore] = useState<ConversationStore | null>(null);
  useLayoutEffect(() => {
    const current = open.current;
    if (
      current !== null &&
      (conversationId === null ? isUntouched(current) : current.conversationId === conversationId)
    )
      return;
    current?.close();
    open.current = openStore(client, conversationId);
    setStore(open.current);
  }, [client, conversationId]);
  useEffect(
    () => () => {
      open.current?.close();
      open.current = null;
    },
    [],
  );
  return store;
};
