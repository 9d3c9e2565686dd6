import { replay } from "../completions/replay.ts";
import { listUnclosed, markClosed } from "../completions/unclosed.ts";
import { asNatterError } from "../foundation/errors.ts";
import type { CompletionKey } from "../ports/queue.ts";
import type { ChunkLog, LogHead } from "../ports/chunk-log.ts";
import { endingChunks, type Chunk } from "../protocol/chunk.ts";
import { formatFrame, formatPosition } from "../protocol/frames.ts";
import type { EngineDependencies } from "./dependencies.ts";

/** Sees to it that the log of every completion that has ended holds its ending (promise 4). */
export interface LogCloser {
  /** Its worker has appended the ending; the row is told so with the next batch. */
  closed(key: CompletionKey): void;
  /** Appends the ending to logs whose worker did not come to it. */
  sweep(): Promise<void>;
  /** Tells the rows what they have not been told yet. */
  flush(): Promise<void>;
}

/** The worker that ended a completion needs a moment to append the ending itself. */
const graceSeconds = 1;
const batchSize = 100;
const batchMilliseconds = 250;

const append = (log: ChunkLog, id: string, fence: number, head: LogHead, chunks: readonly Chunk[]) => {
  const frames = chunks.map((chunk, index) => formatFrame({ id: formatPosition(head.epoch, head.last + 1 + index), chunk })).join("");
  return log.append(id, fence, { first: head.last + 1, last: head.last + chunks.length, frames: Buffer.from(frames), ends: true });
};

export const createLogCloser = (dependencies: EngineDependencies): LogCloser => {
  const { database, log, io, logger } = dependencies;
  let told: CompletionKey[] = [];
  let timer: NodeJS.Timeout | null = null;

  const flush = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const batch = told;
    told = [];
    if (batch.length === 0) return;
    try {
      await io("log.closed", () => markClosed(database, batch));
    } catch (thrown) {
      // the sweep finds them again, and their logs ended
      logger.warn({ err: asNatterError(thrown), count: batch.length }, "closed logs could not be noted");
    }
  };

  const closed = (key: CompletionKey): void => {
    if (told.push(key) >= batchSize) return void flush();
    timer ??= setTimeout(() => void flush(), batchMilliseconds);
  };

  /** True when nothing is left to do for this log. */
  const close = async (key: CompletionKey, fence: number, ageSeconds: number): Promise<boolean> => {
    const before = await io("log.look", () => log.read(key.completionId, Number.MAX_SAFE_INTEGER, 1));
    if (before?.ended === true) return true;
    if (before === null && ageSeconds > dependencies.logRetentionSeconds) return true;
    const told = await io("row.replay", () => replay(database, key));
    if (told?.ending === undefined || told.ending === null) return true;
    const head = await io("log.open", () => log.open(key.completionId, fence));
    if (head === null || head.ended) return head !== null;
    const chunks = head.last === 0 ? told.chunks : endingChunks(told.ending);
    const outcome = await io("log.append", () => append(log, key.completionId, fence, head, chunks));
    return outcome === "ok" || outcome === "ended";
  };

  const sweep = async (): Promise<void> => {
    for (const { key, fence, ageSeconds } of await io("log.unclosed", () => listUnclosed(database, graceSeconds, batchSize))) {
      if (await close(key, fence, ageSeconds)) closed(key);
    }
  };

  return { closed, sweep, flush };
};
