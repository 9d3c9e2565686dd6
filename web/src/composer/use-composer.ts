import type { AnswerOptions, ConversationStore, MessageContent } from "natter/client";
import { useCallback, useEffect, useState } from "react";
import { deskOf } from "../thread/conversation-desk.ts";
import { useConversation } from "../thread/use-conversation.ts";
import { notifyFailure } from "../thread/answer/use-answer-again.ts";
import { isEmptyDraft, longestMessage, messageOf, type DraftFile } from "./draft/draft.ts";
import type { KeyAction } from "./composer-keys.ts";
import { isUploading } from "./files/uploads.ts";
import { useDraft, type DraftHandle } from "./draft/use-draft.ts";
import { useUploads, type UploadsHandle } from "./files/use-uploads.ts";

export interface ComposerHandle extends DraftHandle {
  readonly files: UploadsHandle;
  /** It was sent, and goes when its files are there. */
  readonly isHeld: boolean;
  /** A file could not be sent: it is tried again or left out first. */
  readonly isBlocked: boolean;
  readonly isRunning: boolean;
  readonly isEmpty: boolean;
  /** Characters that are too many. */
  readonly excess: number;
  send(this: void, options?: AnswerOptions): void;
  stop(this: void): void;
  /** Does what a key means; false: there is nothing to do. */
  act(this: void, action: KeyAction): boolean;
}

const contentOf = (text: string, files: readonly DraftFile[]): MessageContent => [
  ...files
    .toSorted((left, right) => left.id - right.id)
    .map(({ url, mediaType, name: filename }) => ({ type: "file" as const, url, mediaType, filename })),
  ...(text === "" ? [] : [{ type: "text" as const, text }]),
];

/** What the composer does. */
export const useComposer = (store: ConversationStore): ComposerHandle => {
  const handle = useDraft(store);
  const { draft, change } = handle;
  const isRunning = useConversation(store, ({ live }) => live !== null);
  const files = useUploads(store, handle);
  const { uploads, clear } = files;
  const [held, setHeld] = useState<AnswerOptions | null>(null);
  const isEmpty = isEmptyDraft(draft) && uploads.length === 0;
  const excess = Math.max(0, messageOf(draft).length - longestMessage);
  const isOnItsWay = uploads.some(isUploading);
  const hasFailed = uploads.some(({ error }) => error !== null);
  const send = (options: AnswerOptions = {}): void => {
    if (isEmpty || hasFailed || excess > 0) return;
    if (isOnItsWay) return setHeld(options);
    const text = messageOf(draft);
    store.send(draft.files.length === 0 ? text : contentOf(text, draft.files), options);
    change({ text: "", pastes: [], files: [] });
    clear();
    setHeld(null);
  };
  useEffect(() => {
    if (held === null || isOnItsWay) return;
    if (hasFailed || isEmpty) setHeld(null);
    else send(held);
  });
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
  return { ...handle, files, isHeld: held !== null, isBlocked: hasFailed, isRunning, isEmpty, excess, send, stop, act };
};
