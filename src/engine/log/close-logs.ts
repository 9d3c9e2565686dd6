import { frameEntry } from "../../completions/log/frame-entry.ts";
import { replay } from "../../completions/log/replay.ts";
import { listUnclosed, markClosed, type Unclosed } from "../../completions/log/unclosed.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import { endingChunks } from "../../protocol/message/chunk.ts";
import { isOwnFormat } from "../../protocol/message/log-format.ts";
import type { EngineDependencies } from "../dependencies.ts";

/** The worker that ended a completion needs a moment to append the ending itself. */
const graceSeconds = 1;
const batchSize = 100;
const batchMilliseconds = 250;

/** Sees to it that the log of every completion that has ended holds its ending (promise 4), and that the row knows. */
export class LogCloser {
  readonly #dependencies: EngineDependencies;
  #closed: CompletionKey[] = [];
  #timer: NodeJS.Timeout | null = null;

  constructor(dependencies: EngineDependencies) {
    this.#dependencies = dependencies;
  }

  /** The ending is in the log; the row is told so with the next batch. */
  closed(key: CompletionKey): void {
    if (this.#closed.push(key) >= batchSize) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), batchMilliseconds);
  }

  /** Tells the rows what they have not been told yet. */
  async flush(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const batch = this.#closed;
    this.#closed = [];
    if (batch.length === 0) return;
    const { database, io, logger } = this.#dependencies;
    try {
      await io("log.closed", () => markClosed(database, batch));
    } catch (err) {
      // the sweep finds them again, and their logs ended
      logger.warn({ err, count: batch.length }, "closed logs could not be noted");
    }
  }

  /** Appends the ending to logs whose worker did not come to it. */
  async sweep(): Promise<void> {
    const { database, io } = this.#dependencies;
    for (const unclosed of await io("log.unclosed", () => listUnclosed(database, graceSeconds, batchSize))) {
      if (await this.#close(unclosed)) this.closed(unclosed.key);
    }
  }

  /** True when nothing is left to do for this log. A log that was lost is told anew from the row, while viewers may wait for it. */
  async #close({ key, fence, ageSeconds }: Unclosed): Promise<boolean> {
    const { database, io, log, logRetentionSeconds } = this.#dependencies;
    const id = key.completionId;
    const before = await io("log.look", () => log.read(id, Number.MAX_SAFE_INTEGER, 1));
    if (before?.ended === true || (before === null && ageSeconds > logRetentionSeconds)) return true;
    const told = await io("row.replay", () => replay(database, key));
    if (told === null || told.ending === null) return true;
    // what another version began is told anew, as if it were lost: nothing is added to it
    const fresh = before !== null && !isOwnFormat(before.epoch);
    const head = await io("log.open", () => log.open(id, fence, { fresh }));
    if (head === null || head.ended) return head !== null;
    const chunks = head.last === 0 ? told.chunks : endingChunks(told.ending);
    const outcome = await io("log.append", () => log.append(id, fence, frameEntry(head, chunks, true)));
    return outcome === "ok" || outcome === "ended";
  }
}
