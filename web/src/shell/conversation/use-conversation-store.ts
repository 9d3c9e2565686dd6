import { createConversationStore, type ConversationStore } from "natter/client";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { getPreferences } from "../../settings/preferences.ts";
import { lastChoice } from "../../settings/models/last-choice.ts";
import { branchMemory } from "./branch-memory.ts";
import { isUntouched } from "./is-untouched.ts";
import { useNatterParts, type Natter } from "../natter-context.ts";
import { outboxMemory } from "./outbox-memory.ts";

const openStore = ({ client, live }: Natter, conversationId: string | null): ConversationStore => {
  const store = createConversationStore(client, conversationId ?? undefined, { branchMemory, outboxMemory, live });
  const { agent, model } = lastChoice.get();
  const { temporary } = getPreferences();
  if (conversationId === null) store.draft({ ...(agent === null ? {} : { agent }), model, temporary });
  return store;
};

/**
 * The store of the conversation in the address; null in the address: of a new one, which keeps its store when its first
 * message gives it an address. Null at first.
 */
export const useConversationStore = (conversationId: string | null): ConversationStore | null => {
  const natter = useNatterParts();
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
    open.current = openStore(natter, conversationId);
    setStore(open.current);
  }, [natter, conversationId]);
  useEffect(
    () => () => {
      open.current?.close();
      open.current = null;
    },
    [],
  );
  return store;
};
