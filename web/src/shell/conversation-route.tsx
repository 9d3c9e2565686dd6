import { ConversationPage } from "./conversation-page.tsx";
import { useConversationStore } from "./use-conversation-store.ts";

/** The conversation of the address; null: a new one. */
export const ConversationRoute = ({ conversationId }: { readonly conversationId: string | null }) => {
  const store = useConversationStore(conversationId);
  return store === null ? null : <ConversationPage store={store} isNew={conversationId === null} />;
};
