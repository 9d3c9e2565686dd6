import type { ConversationStore, MessageView } from "natter/client";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { FollowScroll } from "./follow-scroll.ts";
import { newTurn } from "../message/turns.ts";

export interface Following {
  readonly region: RefObject<HTMLElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly spacer: RefObject<HTMLDivElement | null>;
  /** Whether the person reads elsewhere than at the end. */
  readonly isAway: boolean;
  readonly jump: () => void;
  /** Leaves the end, to read from a message on. */
  readonly readFrom: (message: HTMLElement) => void;
}

/** Keeps the end of the thread in sight, or the place where the person reads. */
export const useFollow = (store: ConversationStore, messages: readonly MessageView[]): Following => {
  const region = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const scroll = useRef<FollowScroll>(null);
  const before = useRef(messages);
  const [isAway, setIsAway] = useState(false);
  useEffect(() => {
    if (region.current === null || content.current === null || spacer.current === null) return;
    const elements = { region: region.current, content: content.current, spacer: spacer.current };
    const created = new FollowScroll(elements, setIsAway);
    scroll.current = created;
    return () => created.close();
  }, [store]);
  useLayoutEffect(() => {
    const turn = newTurn(before.current, messages);
    before.current = messages;
    if (turn === null) return;
    const element = content.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(turn.messageId)}"]`);
    if (element != null) scroll.current?.turnTo(element, turn.isOwn);
  }, [messages]);
  const readFrom = useCallback((message: HTMLElement) => scroll.current?.readFrom(message), []);
  return { region, content, spacer, isAway, jump: () => scroll.current?.jump(), readFrom };
};
