import { NatterError } from "../../foundation/errors.ts";
import type { SyncJournal } from "./pglite-journal.ts";

/** Bytes behind the answers in a message: how many requests, counted from the first, are safe on the disk. */
export const durableBytes = 8;

export interface AnswerOutboxOptions {
  readonly journal: SyncJournal;
  readonly execute: (request: Uint8Array) => readonly Uint8Array[];
  readonly send: (answers: Uint8Array<ArrayBuffer>) => void;
  readonly onFailure: (cause: unknown) => void;
}

const transactionStatus = { idle: "I".charCodeAt(0) } as const;
const endOfRequest = new Set(["S".charCodeAt(0), "Q".charCodeAt(0)]);
const readyForQuery = "Z".charCodeAt(0);
const readyForQueryBytes = 6;

/** Cuts frontend messages of the PostgreSQL protocol into requests: each ends with a Sync or is a Query. */
const splitRequests = (messages: Uint8Array): Uint8Array[] => {
  const view = new DataView(messages.buffer, messages.byteOffset, messages.byteLength);
  const requests: Uint8Array[] = [];
  let begin = 0;
  for (let at = 0; at < messages.length;) {
    const type = view.getUint8(at);
    at += 1 + view.getInt32(at + 1);
    if (!endOfRequest.has(type)) continue;
    requests.push(messages.subarray(begin, at));
    begin = at;
  }
  return requests;
};

const isInTransaction = (answer: readonly Uint8Array[]): boolean => {
  const last = answer.at(-1);
  if (!last || last[last.length - readyForQueryBytes] !== readyForQuery) {
    throw new NatterError("unavailable", "The embedded database broke off in the middle of an answer");
  }
  return last[last.length - 1] !== transactionStatus.idle;
};

const join = (answers: readonly Uint8Array[], durable: number): Uint8Array<ArrayBuffer> => {
  const end = answers.reduce((bytes, part) => bytes + part.length, 0);
  const message = Buffer.from(new ArrayBuffer(end + durableBytes));
  let at = 0;
  for (const part of answers) {
    message.set(part, at);
    at += part.length;
  }
  message.writeDoubleBE(durable, end);
  return new Uint8Array(message.buffer);
};

/**
 * Executes requests and sends their answers in order. An answer inside a transaction goes at once; what ends one counts
 * as durable when the log is on the disk up to it, and one sync serves all that were executed before it.
 */
export class AnswerOutbox {
  readonly #options: AnswerOutboxOptions;
  #unsent: Uint8Array[] = [];
  #executed = 0;
  #durable = 0;
  #isFlushing = false;
  #isInTransaction = false;

  constructor(options: AnswerOutboxOptions) {
    this.#options = options;
  }

  post(messages: Uint8Array): void {
    const { journal, execute, onFailure } = this.#options;
    let isAwaited = false;
    for (const request of splitRequests(messages)) {
      const answer = execute(request);
      this.#executed += 1;
      this.#unsent.push(...answer);
      this.#isInTransaction = isInTransaction(answer);
      isAwaited ||= this.#isInTransaction;
    }
    const isPending = journal.isPending();
    if (!isPending) this.#durable = this.#executed;
    if (!isPending || isAwaited) this.#send();
    if (isPending) this.#flush().catch(onFailure);
  }

  get activity(): { readonly executed: number; readonly isInTransaction: boolean } {
    return { executed: this.#executed, isInTransaction: this.#isInTransaction };
  }

  /** Sends what waits for a sync, which the journal has done. */
  close(): void {
    this.#durable = this.#executed;
    this.#send();
  }

  #send(): void {
    const message = join(this.#unsent, this.#durable);
    this.#unsent = [];
    this.#options.send(message);
  }

  async #flush(): Promise<void> {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const { journal } = this.#options;
    while (journal.isPending()) {
      const covered = this.#executed;
      await journal.flush();
      this.#durable = journal.isPending() ? Math.max(this.#durable, covered) : this.#executed;
      this.#send();
    }
    this.#isFlushing = false;
  }
}
