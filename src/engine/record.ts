import { setTimeout as sleep } from "node:timers/promises";
import type { AppendOutcome, ChunkLog, LogEntry, LogHead } from "../ports/chunk-log.ts";
import type { Io } from "../foundation/io.ts";
import type { Logger } from "../foundation/logger.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { applyChunk, type Fold } from "../protocol/fold.ts";
import { formatFrame, formatPosition, mergeDeltas } from "../protocol/frames.ts";
import { unfold } from "../protocol/unfold.ts";
import { ClaimLost } from "./claim-lost.ts";
import type { FlushClock } from "./flush-clock.ts";

/** The one writer of a claim's log: folds what is emitted, and appends it in the order in which all viewers see it. */
export interface Recorder {
  /** What the log adds up to, chunks that are still to be written included. */
  readonly fold: Fold;
  /** Adds chunks. The first are written at once, then per turn of the event loop, then per window. */
  emit(chunks: readonly Chunk[]): void;
  /** Adds chunks that nobody waits for: they are written together with the next ones. */
  stage(chunks: readonly Chunk[]): void;
  /** Resolves when the log has acknowledged all that was emitted. Rejects with ClaimLost when another worker owns it. */
  flush(): Promise<void>;
  /** Appends the ending, as one entry. */
  end(chunks: readonly Chunk[]): Promise<void>;
}

export interface RecorderOptions {
  readonly log: ChunkLog;
  readonly id: string;
  readonly fence: number;
  readonly head: LogHead;
  readonly fold: Fold;
  /** Position 1, said again when a lost log is rebuilt. */
  readonly start: Chunk;
  readonly io: Io;
  readonly clock: FlushClock;
  readonly logger: Logger;
  /** Ends waits for a log that can't be reached. */
  readonly signal: AbortSignal;
  /** Told once, when another worker owns the log. */
  readonly onLost: () => void;
}

/** Flushes at the end of a turn before windows begin: the first words should feel immediate. */
const flushesPerTurn = 4;
const retryMilliseconds = [20, 50, 100, 200, 400, 800, 1000];

export const createRecorder = (options: RecorderOptions): Recorder => {
  const { log, id, fence, fold, io, clock } = options;
  let { epoch, last } = options.head;
  let pending: Chunk[] = [];
  let isEnding = false;
  let isScheduled = false;
  let flushes = 0;
  let flushedAt = Number.NEGATIVE_INFINITY;
  let writing: Promise<void> | null = null;
  let failure: Error | null = null;

  const frame = (chunks: readonly Chunk[], ends: boolean): LogEntry => {
    let position = last;
    let text = "";
    for (const chunk of chunks) text += formatFrame({ id: formatPosition(epoch, (position += 1)), chunk });
    return { first: last + 1, last: position, frames: Buffer.from(text), ends };
  };

  /** The log is gone: a new epoch begins with all that was ever said, and viewers start over. */
  const rebuild = async (ending: readonly Chunk[]): Promise<AppendOutcome> => {
    const head = await io("log.rebuild", () => log.open(id, fence, { fresh: true }));
    if (head === null) return "fenced";
    ({ epoch, last } = head);
    // the fold holds what waits to be written as well
    const said = unfold(fold.parts, fold);
    pending = [];
    return appendOnce([options.start, ...said, ...ending], ending.length > 0);
  };

  const appendOnce = async (chunks: readonly Chunk[], ends: boolean): Promise<AppendOutcome> => {
    const entry = frame(chunks, ends);
    const outcome = await io("log.append", () => log.append(id, fence, entry));
    if (outcome === "ok") last = entry.last;
    return outcome;
  };

  /** After a failure nobody knows whether the entry is in: the head tells. */
  const isWritten = async (expected: number): Promise<boolean> => {
    const page = await io("log.look", () => log.read(id, expected - 1, 1));
    if (page === null || page.epoch !== epoch || page.last < expected) return false;
    last = page.last;
    return true;
  };

  const append = async (chunks: readonly Chunk[], ends: boolean): Promise<void> => {
    const expected = last + chunks.length;
    for (let attempt = 0; ; attempt += 1) {
      try {
        if (attempt > 0 && (await isWritten(expected))) return;
        const outcome = await appendOnce(chunks, ends);
        const settled = outcome === "missing" ? await rebuild(ends ? chunks : []) : outcome;
        if (settled === "ok") return;
        throw new ClaimLost(`the log answered "${settled}"`);
      } catch (thrown) {
        if (thrown instanceof ClaimLost) throw thrown;
        options.logger.warn({ completionId: id, attempt, err: thrown }, "the chunk log can't be reached; trying again");
        await sleep(retryMilliseconds[Math.min(attempt, retryMilliseconds.length - 1)], undefined, { signal: options.signal });
      }
    }
  };

  const writePending = async (): Promise<void> => {
    const chunks = pending;
    const ends = isEnding;
    pending = [];
    flushes += 1;
    flushedAt = clock.now();
    try {
      await append(chunks, ends);
    } catch (thrown) {
      failure = thrown instanceof Error ? thrown : new Error("append failed", { cause: thrown });
      if (failure instanceof ClaimLost) options.onLost();
    }
    writing = null;
    if (pending.length > 0) schedule();
  };

  const write = (): void => {
    isScheduled = false;
    if (writing === null && pending.length > 0 && failure === null) writing = writePending();
  };

  const schedule = (): void => {
    if (isScheduled || writing !== null || failure !== null) return;
    if (flushes === 0) return write();
    isScheduled = true;
    if (flushes < flushesPerTurn || clock.now() - flushedAt >= clock.windowMilliseconds) clock.soon(write);
    else clock.atWindow(write);
  };

  const add = (chunk: Chunk): void => {
    applyChunk(fold, chunk);
    const before = pending.at(-1);
    const merged = before === undefined ? null : mergeDeltas(before, chunk);
    if (merged === null) pending.push(chunk);
    else pending[pending.length - 1] = merged;
  };

  const flush = async (): Promise<void> => {
    while (failure === null && (writing !== null || pending.length > 0)) {
      write();
      await writing;
    }
    if (failure !== null) throw failure;
  };

  const stage = (chunks: readonly Chunk[]): void => {
    if (!isEnding) for (const chunk of chunks) add(chunk);
  };

  return {
    fold,
    stage,
    emit(chunks) {
      stage(chunks);
      if (pending.length > 0) schedule();
    },
    flush,
    async end(chunks) {
      await flush();
      for (const chunk of chunks) pending.push(chunk);
      isEnding = true;
      await flush();
    },
  };
};
