import type { ConversationStore } from "natter/client";
import { emptyDraft, newerDraft, type Draft } from "./draft.ts";
import { draftStore } from "./draft-store.ts";

type DraftPart = Partial<Omit<Draft, "changedAt">>;

/** What is other in a draft, or how that follows from what it is now. */
export type DraftChange = DraftPart | ((draft: Draft) => DraftPart);

/** All new conversations share a draft: nobody knows them by another name. */
const keyOf = (store: ConversationStore): string => {
  const { load, messages } = store.getSnapshot();
  return load === "new" && messages.length === 0 ? "new" : store.conversationId;
};

/** The draft of a conversation as long as it is shown; one that was new takes it along when it gets its first message. */
export class DraftSession {
  readonly #store: ConversationStore;
  readonly #onChange: (draft: Draft) => void;
  readonly #closed = new AbortController();
  #key: string;
  #draft = emptyDraft;

  constructor(store: ConversationStore, onChange: (draft: Draft) => void) {
    this.#store = store;
    this.#onChange = onChange;
    this.#key = keyOf(store);
    const receive = (other: Draft): void => this.#take(newerDraft(this.#draft, other));
    draftStore.subscribe(() => this.#key, receive, this.#closed.signal);
    void this.#begin();
  }

  change(change: DraftChange): void {
    const part = typeof change === "function" ? change(this.#draft) : change;
    const next = { ...this.#draft, ...part, changedAt: this.#now() };
    this.#take(next);
    draftStore.write(this.#key, next);
  }

  close(): void {
    this.#closed.abort();
  }

  async #begin(): Promise<void> {
    const stored = await draftStore.read(this.#key);
    this.#take(newerDraft(this.#draft, stored));
    if (this.#closed.signal.aborted) return;
    this.#settleKey();
    this.#closed.signal.addEventListener(
      "abort",
      this.#store.subscribe(() => this.#settleKey()),
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

  #settleKey(): void {
    const next = keyOf(this.#store);
    if (next === this.#key) return;
    draftStore.write(this.#key, { ...emptyDraft, changedAt: this.#now() });
    this.#key = next;
    draftStore.write(next, this.#draft);
  }
}
