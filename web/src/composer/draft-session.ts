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

/** The draft of a conversation as long as it is shown; one that was new takes it along when it gets its first message. */
export class DraftSession {
  readonly #store: ConversationStore;
  readonly #onChange: (draft: Draft) => void;
  readonly #closed = new AbortController();
  #key: string;
  #draft = emptyDraft;
  #isRecovered = false;

  constructor(store: ConversationStore, onChange: (draft: Draft) => void) {
    this.#store = store;
    this.#onChange = onChange;
    this.#key = keyOf(store);
    const receive = (other: Draft): void => this.#take(newerDraft(this.#draft, other));
    draftStore.subscribe(() => this.#key, receive, this.#closed.signal);
    void this.#begin();
  }

  change(change: Partial<Pick<Draft, "text" | "pastes">>): void {
    this.#write({ ...this.#draft, ...change, changedAt: this.#now() });
  }

  /** It was sent under this id: empties the box, and keeps the text until the server has it. */
  sent(messageId: string): void {
    this.#write(afterSending(this.#draft, messageId, this.#now()));
  }

  close(): void {
    this.#closed.abort();
  }

  async #begin(): Promise<void> {
    this.#take(newerDraft(this.#draft, await draftStore.read(this.#key)));
    if (this.#closed.signal.aborted) return;
    this.#settle();
    this.#closed.signal.addEventListener(
      "abort",
      this.#store.subscribe(() => this.#settle()),
      { once: true },
    );
  }

  #now(): number {
    return Math.max(Date.now(), this.#draft.changedAt + 1);
  }

  #take(next: Draft): void {
    if (this.#closed.signal.aborted || next === this.#draft) return;
    this.#draft = next;
    this.#onChange(next);
  }

  #write(next: Draft): void {
    if (next === this.#draft) return;
    this.#take(next);
    draftStore.write(this.#key, next);
  }

  #settle(): void {
    const view = this.#store.getSnapshot();
    this.#settleKey();
    this.#write(acknowledge(this.#draft, (id) => isStored(view, id), this.#now()));
    if (this.#isRecovered || view.load === "loading" || view.load === "failed") return;
    this.#isRecovered = true;
    this.#write(recoverUnsent(this.#draft, (id) => isKnown(view, id), this.#now()));
  }

  #settleKey(): void {
    const next = keyOf(this.#store);
    if (next === this.#key) return;
    draftStore.write(this.#key, { ...emptyDraft, changedAt: this.#now() });
    this.#key = next;
    draftStore.write(next, this.#draft);
  }
}
