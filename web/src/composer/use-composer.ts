import type { AnswerOptions, ConversationStore } from "natter/client";
import { useCallback } from "react";
import { deskOf } from "../thread/conversation-desk.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { notifyFailure } from "../thread/use-answer-again.ts";
import { isEmptyDraft, longestMessage, messageOf } from "./draft.ts";
import type { KeyAction } from "./composer-keys.ts";
import { useDraft, type DraftHandle } from "./use-draft.ts";

export interface ComposerHandle extends DraftHandle {
  readonly isRunning: boolean;
  readonly isEmpty: boolean;
  /** Characters that are too many. */
  readonly excess: number;
  send(this: void, options?: AnswerOptions): void;
  stop(this: void): void;
  /** Does what a key means; false: there is nothing to do. */
  act(this: void, action: KeyAction): boolean;
}

/** What the composer does. */
export const useComposer = (store: ConversationStore): ComposerHandle => {
  const handle = useDraft(store);
  const { draft, change } = handle;
  const isRunning = useConversation(store, ({ live }) => live !== null);
  const isEmpty = isEmptyDraft(draft);
  const excess = Math.max(0, messageOf(draft).length - longestMessage);
  const send = useCallback(
    (options: AnswerOptions = {}): void => {
      if (isEmptyDraft(draft) || messageOf(draft).length > longestMessage) return;
      store.send(messageOf(draft), options);
      change({ text: "", pastes: [] });
    },
    [store, draft, change],
  );
  const stop = useCallback((): void => void store.stop().catch(notifyFailure), [store]);
  const editLast = (): boolean => {
    const last = store.getSnapshot().messages.findLast(({ role, state }) => role === "user" && state === "sent");
    if (last !== undefined) deskOf(store).edit(last.id);
    return last !== undefined;
  };
  const act = (action: KeyAction): boolean => {
    switch (action) {
      case "send":
        send();
        return true;
      case "send-now":
        send({ onBusy: "interrupt" });
        return true;
      case "stop":
        stop();
        return true;
      case "edit-last":
        return editLast();
      case "leave":
        return false;
    }
  };
  return { ...handle, isRunning, isEmpty, excess, send, stop, act };
};
