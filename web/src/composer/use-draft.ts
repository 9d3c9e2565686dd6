import type { ConversationStore } from "natter/client";
import { useCallback, useEffect, useRef, useState } from "react";
import { emptyDraft, type Draft } from "./draft.ts";
import { openDraft, type DraftSession } from "./draft-session.ts";

export interface DraftHandle extends Pick<DraftSession, "change" | "sent"> {
  readonly draft: Draft;
}

/** The draft of a conversation, and how it changes. */
export const useDraft = (store: ConversationStore): DraftHandle => {
  const [draft, setDraft] = useState(emptyDraft);
  const session = useRef<DraftSession>(null);
  useEffect(() => {
    setDraft(emptyDraft);
    const opened = openDraft(store, setDraft);
    session.current = opened;
    return () => opened.close();
  }, [store]);
  const change = useCallback<DraftSession["change"]>((part) => session.current?.change(part), []);
  const sent = useCallback<DraftSession["sent"]>((messageId) => session.current?.sent(messageId), []);
  return { draft, change, sent };
};
