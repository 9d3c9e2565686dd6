import type { Change } from "./conversation-changes.ts";
import type { OutgoingMessage } from "./conversation-state.ts";
import { RequestError } from "../requests/request-error.ts";

/** A message that this device has not sent yet, as plain data: it can be kept in IndexedDB or as JSON. */
export interface StoredMessage extends Omit<OutgoingMessage, "error"> {
  /** Why it was refused; null: it is to be sent. */
  readonly error: { readonly code: string; readonly message: string; readonly status: number | null } | null;
}

/** Where a device keeps what was not sent yet, so that a reload loses nothing. */
export interface OutboxMemory {
  /** All messages of a conversation that were put and not deleted, in any order. */
  read(conversationId: string): Promise<readonly StoredMessage[]>;
  /** Keeps a message, in the place of the one with the same id. */
  put(conversationId: string, message: StoredMessage): Promise<void>;
  delete(conversationId: string, messageId: string): Promise<void>;
}

const toStored = ({ error, ...message }: OutgoingMessage): StoredMessage => ({
  ...message,
  error: error === null ? null : { code: error.code, message: error.message, status: error.status },
});

const fromStored = ({ error, ...message }: StoredMessage): OutgoingMessage => ({
  ...message,
  error: error === null ? null : new RequestError(error.code, error.message, { status: error.status }),
});

const putBack =
  (stored: readonly StoredMessage[]): Change =>
  (state) => {
    const isNew = ({ id }: StoredMessage): boolean => !state.outgoing.some((message) => message.id === id);
    const earlier = stored
      .filter(isNew)
      .toSorted((left, right) => left.createdAt.localeCompare(right.createdAt))
      .map(fromStored);
    return earlier.length === 0 ? state : { ...state, outgoing: [...earlier, ...state.outgoing] };
  };

/** Keeps the outbox of one conversation in a memory. A memory that fails costs the next reload, not this send. */
export class RememberedOutbox {
  readonly #memory: OutboxMemory;
  readonly #conversationId: string;
  #known: readonly OutgoingMessage[] = [];
  #writing: Promise<void> = Promise.resolve();

  constructor(memory: OutboxMemory, conversationId: string) {
    this.#memory = memory;
    this.#conversationId = conversationId;
  }

  /** What was not sent when the page went away. */
  async read(): Promise<Change> {
    try {
      return putBack(await this.#memory.read(this.#conversationId));
    } catch {
      // as if nothing had been kept
      return (state) => state;
    }
  }

  /** Notes what changed; one write after another, so that an older one never comes last. */
  note(outgoing: readonly OutgoingMessage[]): void {
    if (outgoing === this.#known) return;
    const before = this.#known;
    this.#known = outgoing;
    const gone = before.filter(({ id }) => !outgoing.some((message) => message.id === id));
    const changed = outgoing.filter((message) => !before.includes(message));
    for (const { id } of gone) this.#write(() => this.#memory.delete(this.#conversationId, id));
    for (const message of changed) this.#write(() => this.#memory.put(this.#conversationId, toStored(message)));
  }

  #write(write: () => Promise<void>): void {
    this.#writing = this.#writing.then(write).catch(() => undefined);
  }
}
