import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import type { AppendOutcome, LogEntry } from "../../ports/chunk-log.ts";
import { whileUnavailable } from "../while-unavailable.ts";
import { appendChunks, type ChunkAppend, explainRefusals, type Refusal } from "../../store/completion/chunk-rows.ts";

interface Waiting {
  readonly id: string;
  readonly fence: number;
  readonly entry: LogEntry;
  readonly answer: PromiseWithResolvers<Appended>;
}

export interface Appended {
  readonly outcome: AppendOutcome;
  /** Of the log, on `ok`. */
  readonly epoch: string;
}

interface WriterTerms {
  readonly retentionSeconds: number;
  /** This process, as its notifications name it. */
  readonly teller: string;
}

const entriesAtMost = 256;
const bytesAtMost = 1_048_576;

const appendOf = ({ id, fence, entry: { first, last, ends, frames } }: Waiting): ChunkAppend => ({
  id,
  fence,
  first,
  last,
  ends,
  frames: frames.toString("utf8"),
});

/** Null: nothing is in the way any more. */
const outcomeOf = ({ fence, entry }: Waiting, refusal: Refusal | undefined): AppendOutcome | null => {
  if (refusal === undefined || refusal.epoch === null) return "missing";
  if (fence < refusal.fence) return "fenced";
  if (refusal.is_stored) return "ok";
  if (refusal.ended) return "ended";
  return entry.first === refusal.last + 1 ? null : "gap";
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Appends to all logs of this process, one statement at a time: what comes while one is under way goes with the next,
 * and entries of one log stay in order.
 */
export class PostgresLogWriter {
  readonly #database: Database;
  readonly #terms: WriterTerms;
  #waiting: Waiting[] = [];
  #isSending = false;
  #isClosed = false;

  constructor(database: Database, terms: WriterTerms) {
    this.#database = database;
    this.#terms = terms;
  }

  append(id: string, fence: number, entry: LogEntry): Promise<Appended> {
    const answer = Promise.withResolvers<Appended>();
    this.#waiting.push({ id, fence, entry, answer });
    if (!this.#isSending) void this.#sendAll();
    return answer.promise;
  }

  /** What waits is not tried again. */
  close(): void {
    this.#isClosed = true;
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    await nextTurn();
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        // nothing else is sent meanwhile: entries of a log stay in order
        await whileUnavailable(
          () => this.#send(batch),
          () => this.#isClosed,
        );
      } catch (cause) {
        const error = new NatterError("unavailable", "PostgreSQL can't be reached; try again in a few seconds.", {
          cause,
        });
        for (const { answer } of batch) answer.reject(error);
      }
    }
    this.#isSending = false;
  }

  /** The first that wait, one for each log. */
  #takeBatch(): Waiting[] {
    const batch = new Map<string, Waiting>();
    const later: Waiting[] = [];
    let bytes = 0;
    for (const waiting of this.#waiting) {
      const size = waiting.entry.frames.length;
      const hasRoom = batch.size < entriesAtMost && (batch.size === 0 || bytes + size <= bytesAtMost);
      if (batch.has(waiting.id) || !hasRoom) later.push(waiting);
      else {
        batch.set(waiting.id, waiting);
        bytes += size;
      }
    }
    this.#waiting = later;
    return [...batch.values()];
  }

  async #send(batch: readonly Waiting[]): Promise<void> {
    const appended = await appendChunks(this.#database, batch.map(appendOf), this.#terms);
    const epochs = new Map(appended.map(({ ordinal, epoch }) => [ordinal, epoch]));
    const refused: Waiting[] = [];
    for (const [index, waiting] of batch.entries()) {
      const epoch = epochs.get(index + 1);
      if (epoch === undefined) refused.push(waiting);
      else waiting.answer.resolve({ outcome: "ok", epoch });
    }
    if (refused.length > 0) await this.#explain(refused);
  }

  async #explain(refused: readonly Waiting[]): Promise<void> {
    const refusals = await explainRefusals(this.#database, refused.map(appendOf));
    const byOrdinal = new Map(refusals.map((refusal) => [refusal.ordinal, refusal]));
    const again: Waiting[] = [];
    for (const [index, waiting] of refused.entries()) {
      const refusal = byOrdinal.get(index + 1);
      const outcome = outcomeOf(waiting, refusal);
      if (outcome === null) again.push(waiting);
      else waiting.answer.resolve({ outcome, epoch: refusal?.epoch ?? "" });
    }
    this.#waiting.unshift(...again);
  }
}
