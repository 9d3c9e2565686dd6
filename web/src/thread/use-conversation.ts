import type { ConversationStore, ConversationView } from "natter/client";
import { useCallback, useSyncExternalStore } from "react";

/** A member of a conversation's view, or anything of it that is the same object while it says the same. */
export const useConversation = <Value>(store: ConversationStore, select: (view: ConversationView) => Value): Value => {
  const read = (): Value => select(store.getSnapshot());
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store]);
  return useSyncExternalStore(subscribe, read, read);
};
