import type { ConversationStore, ConversationView } from "natter/client";
import { acknowledge, afterSending, emptyDraft, newerDraft, recoverUnsent, type Draft } from "./draft.ts";
import { draftStore } from "./draft-store.ts";

/** All new conversations share a draft: nobody knows them by another name. */
const keyOf = (store: ConversationStore): string => {
  const { load, messages } = store.getSnapshot();
  return load === "new" && messages.length === 0 ? "new" : store.conversationId;
};

const isKnown = ({ messages, waiting }: ConversationView, id: string): boolean =>
  messages.some((message) => message.id === id) || waiting.some((entry) => entry.id === id);

const isStored = ({ messages, waiting }: ConversationView, id: string): boolean =>
  messages.some((message) => message.id === id && message.state === "sent") ||
  waiting.some((entry) => entry.id === id && entry.state === "queued");

/** The draft of a conversation as long as it is shown: the newest of this tab, the others, and what the device has kept. */
export interface DraftSession {
  change(this: void, change: Partial<Pick<Draft, "text" | "pastes">>): void;
  /** It was sent under this id: empties the box, and keeps the text until the server has it. */
  sent(this: void, messageId: string): void;
  close(this: void): void;
}

/** Follows the draft of a conversation; one that was new takes it along when it gets its first message. */
export const openDraft = (store: ConversationStore, onChange: (draft: Draft) => void): DraftSession => {
  let key = keyOf(store);
  let draft = emptyDraft;
  let isRecovered = false;
  const closed = new AbortController();
  const now = (): number => Math.max(Date.now(), draft.changedAt + 1);
  const take = (next: Draft): void => {
    if (closed.signal.aborted || next === draft) return;
    draft = next;
    onChange(next);
  };
  const write = (next: Draft): void => {
    if (next === draft) return;
    take(next);
    draftStore.write(key, next);
  };
  const follow = (): void =>
    draftStore.subscribe(
      () => key,
      (other) => take(newerDraft(draft, other)),
      closed.signal,
    );
  const settleKey = (): void => {
    const next = keyOf(store);
    if (next === key) return;
    draftStore.write(key, { ...emptyDraft, changedAt: now() });
    key = next;
    draftStore.write(key, draft);
  };
  const settle = (): void => {
    const view = store.getSnapshot();
    settleKey();
    write(acknowledge(draft, (id) => isStored(view, id), now()));
    if (isRecovered || view.load === "loading" || view.load === "failed") return;
    isRecovered = true;
    write(recoverUnsent(draft, (id) => isKnown(view, id), now()));
  };
  const begin = async (): Promise<void> => {
    take(newerDraft(draft, await draftStore.read(key)));
    if (closed.signal.aborted) return;
    settle();
    closed.signal.addEventListener("abort", store.subscribe(settle), { once: true });
  };
  follow();
  void begin();
  return {
    change: (change) => write({ ...draft, ...change, changedAt: now() }),
    sent(messageId) {
      settleKey();
      write(afterSending(draft, messageId, now()));
    },
    close: () => closed.abort(),
  };
};
