import type { Conversation, ConversationStore, MessageView } from "natter/client";
import { useMemo } from "react";
import { useFrame } from "../shell/frame/frame-context.ts";
import { useMayShare } from "./use-may-share.ts";

const settled: ReadonlySet<MessageView["state"]> = new Set(["sent", "finished", "cancelled", "failed"]);

/** Shares what is shown, or what is shown up to a message; null: this person may not. */
export const useShare = (
  store: ConversationStore,
  conversation: Conversation | null,
): ((messageId?: string) => void) | null => {
  const { share } = useFrame();
  const mayShare = useMayShare(conversation);
  return useMemo(() => {
    if (!mayShare || conversation === null || conversation.temporary) return null;
    return (messageId) => {
      const last = store.getSnapshot().messages.findLast(({ state }) => settled.has(state));
      share({ conversation, messageId: messageId ?? null, leafId: last?.id ?? null });
    };
  }, [store, conversation, share, mayShare]);
};
