import type { ConversationStore, MessageView } from "natter/client";
import { useEffect, useLayoutEffect, useState, type RefObject } from "react";
import { useHistoryState, useLocationProperty } from "wouter/use-browser-location";
import { messageOf } from "../../ui/message-of.ts";
import { notify } from "../../ui/notice/notices.ts";
import { threadTexts } from "../thread-texts.ts";
import { useConversation } from "../use-conversation.ts";

export interface LinkedMessageOptions {
  readonly store: ConversationStore;
  readonly messages: readonly MessageView[];
  readonly content: RefObject<HTMLElement | null>;
  readonly readFrom: (message: HTMLElement) => void;
}

/** How long a message that was looked for is marked, in milliseconds. */
const markedFor = 2_500;

const decoded = (hash: string): string | null => {
  try {
    return decodeURIComponent(hash.slice(1)) || null;
  } catch (error) {
    console.warn("the address names no message", error);
    return null;
  }
};

const mark = (element: HTMLElement): void => {
  element.toggleAttribute("data-found", true);
  setTimeout(() => element.removeAttribute("data-found"), markedFor);
};

/** Goes to the message that the address names after `#`, and marks it for a moment. */
export const useLinkedMessage = ({ store, messages, content, readFrom }: LinkedMessageOptions): void => {
  const hash = useLocationProperty(() => location.hash);
  // the same message may be looked for again: each time has a history entry of its own
  const visit = useHistoryState<unknown>();
  const isReady = useConversation(store, ({ load }) => load === "ready");
  const [wantedId, setWantedId] = useState<string | null>(null);
  useEffect(() => {
    const id = decoded(hash);
    if (id === null || !isReady) return;
    let isLeft = false;
    const tell = (text: string): void => {
      if (!isLeft) notify(text, { tone: "danger" });
    };
    store.reveal(id).then(
      (isThere) => {
        if (!isThere) tell(threadTexts.messageGone);
        else if (!isLeft) setWantedId(id);
      },
      (error: unknown) => tell(messageOf(error)),
    );
    return () => {
      isLeft = true;
    };
  }, [store, hash, visit, isReady]);
  useLayoutEffect(() => {
    if (wantedId === null) return;
    const element = content.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(wantedId)}"]`);
    if (element == null) return;
    setWantedId(null);
    readFrom(element);
    element.focus({ preventScroll: true });
    mark(element);
  }, [wantedId, messages, content, readFrom]);
};
