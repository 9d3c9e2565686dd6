import { fdatasync, fdatasyncSync } from "node:fs";

export interface SyncJournalOptions {
  /** A file was synced. */
  readonly onSync: (descriptor: number) => void;
  /** A file could not be synced: nothing that was written may be acknowledged any more. */
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Lets one sync serve all transactions that committed before it. PostgreSQL is told that its log is on the disk before
 * it is; that is sound as long as nobody hears of a commit, and nothing but the log is written, until it really is.
 */
export class SyncJournal {
  readonly #options: SyncJournalOptions;
  #waiting = new Set<number>();
  #flushing = new Set<number>();
  #isDeferring = false;

  constructor(options: SyncJournalOptions) {
    this.#options = options;
  }

  /** Syncs the file now, after what was put off before it. */
  sync(descriptor: number): void {
    this.settle();
    this.#syncNow(descriptor);
  }

  /** The same for a segment of the write-ahead log; between `begin` and `end` it is put off until `flush`. */
  defer(descriptor: number): void {
    if (this.#isDeferring) this.#waiting.add(descriptor);
    else this.#syncNow(descriptor);
  }

  /** Syncs now what was put off. */
  settle(): void {
    if (!this.isPending()) return;
    for (const descriptor of new Set([...this.#waiting, ...this.#flushing])) this.#syncNow(descriptor);
    this.#waiting = new Set();
    this.#flushing = new Set();
  }

  isPending(): boolean {
    return this.#waiting.size > 0 || this.#flushing.size > 0;
  }

  /** Syncs what was put off until now without blocking the thread. One at a time. */
  async flush(): Promise<void> {
    this.#flushing = this.#waiting;
    this.#waiting = new Set();
    await Promise.all(Array.from(this.#flushing, (descriptor) => this.#syncLater(descriptor)));
    this.#flushing = new Set();
  }

  begin(): void {
    this.#isDeferring = true;
  }

  end(): void {
    this.#isDeferring = false;
    this.settle();
  }

  #syncNow(descriptor: number): void {
    try {
      fdatasyncSync(descriptor);
      this.#options.onSync(descriptor);
    } catch (cause) {
      this.#options.onFailure(cause);
    }
  }

  #syncLater(descriptor: number): Promise<void> {
    return new Promise((resolve) => {
      fdatasync(descriptor, (cause) => {
        // What was settled meanwhile may be closed by now.
        if (cause && this.#flushing.has(descriptor)) this.#options.onFailure(cause);
        else this.#options.onSync(descriptor);
        resolve();
      });
    });
  }
}
