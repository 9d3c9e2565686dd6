import type { ConversationStore } from "natter/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { emptyDraft, type Draft } from "./draft.ts";
import { DraftSession, type DraftChange } from "./draft-session.ts";

export interface DraftHandle {
  readonly draft: Draft;
  change(this: void, change: DraftChange): void;
}

/** The draft of a conversation, and how it changes. */
export const useDraft = (store: ConversationStore): DraftHandle => {
  const [draft, setDraft] = useState(emptyDraft);
  const session = useRef<DraftSession>(null);
  useEffect(() => {
    setDraft(emptyDraft);
    const opened = new DraftSession(store, setDraft);
    session.current = opened;
    return () => opened.close();
  }, [store]);
  const change = useCallback<DraftHandle["change"]>((part) => session.current?.change(part), []);
  return { draft, change };
};
