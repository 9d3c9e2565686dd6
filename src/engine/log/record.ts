import { setTimeout as sleep } from "node:timers/promises";
import { frameEntry } from "../../completions/log/frame-entry.ts";
import type { Logger } from "../../foundation/logger.ts";
import type { Io } from "../../foundation/io.ts";
import type { AppendOutcome, ChunkLog, LogHead } from "../../ports/chunk-log.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { applyChunk, type Fold } from "../../protocol/message/fold.ts";
import { mergeDeltas } from "../../protocol/message/frames.ts";
import { unfold } from "../../protocol/message/unfold.ts";
import { ClaimLost } from "../claim/claim-lost.ts";
import type { FlushClock } from "./flush-clock.ts";
import { noLag, type LogLag } from "./log-lag.ts";

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

/** The one writer of a claim's log: folds what is emitted, and appends it in the order in which all viewers see it. */
export class Recorder {
  /** What the log adds up to, chunks that are still to be written included. */
  readonly fold: Fold;
  readonly #options: RecorderOptions;
  #head: LogHead;
  #pending: Chunk[] = [];
  #inFlight = 0;
  /** Since when something waits to be acknowledged; null: nothing does. */
  #behindSince: number | null = null;
  #isEnding = false;
  #isScheduled = false;
  #flushes = 0;
  #flushedAt = Number.NEGATIVE_INFINITY;
  #writing: Promise<void> | null = null;
  #failure: Error | null = null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#head = options.head;
    this.fold = options.fold;
  }

  get lag(): LogLag {
    if (this.#behindSince === null) return noLag;
    const milliseconds = Math.max(0, this.#options.clock.now() - this.#behindSince);
    return { positions: this.#inFlight + this.#pending.length, milliseconds };
  }

  /** Adds chunks. The first are written at once, then per turn of the event loop, then per window. */
  emit(chunks: readonly Chunk[]): void {
    this.stage(chunks);
    if (this.#pending.length === 0) return;
    this.#behindSince ??= this.#options.clock.now();
    this.#schedule();
  }

  /** Adds chunks that nobody waits for: they are written together with the next ones. */
  stage(chunks: readonly Chunk[]): void {
    if (this.#isEnding) return;
    for (const chunk of chunks) {
      applyChunk(this.fold, chunk);
      const before = this.#pending.at(-1);
      const merged = before === undefined ? null : mergeDeltas(before, chunk);
      if (merged === null) this.#pending.push(chunk);
      else this.#pending[this.#pending.length - 1] = merged;
    }
  }

  /** Resolves when the log has acknowledged all that was emitted. Rejects with ClaimLost when another worker owns it. */
  async flush(): Promise<void> {
    while (this.#failure === null && (this.#writing !== null || this.#pending.length > 0)) {
      this.#write();
      await this.#writing;
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /** Appends the ending, as one entry. Nothing can be emitted after it. */
  async end(chunks: readonly Chunk[]): Promise<void> {
    await this.flush();
    this.#isEnding = true;
    this.#pending = [...chunks];
    await this.flush();
  }

  #schedule(): void {
    if (this.#isScheduled || this.#writing !== null || this.#failure !== null) return;
    if (this.#flushes === 0) return this.#write();
    const { clock } = this.#options;
    this.#isScheduled = true;
    const isSoon = this.#flushes < flushesPerTurn || clock.now() - this.#flushedAt >= clock.windowMilliseconds;
    if (isSoon) clock.soon(this.#write);
    else clock.atWindow(this.#write);
  }

  readonly #write = (): void => {
    this.#isScheduled = false;
    if (this.#writing !== null || this.#pending.length === 0 || this.#failure !== null) return;
    this.#writing = this.#writePending();
  };

  async #writePending(): Promise<void> {
    const chunks = this.#pending;
    this.#pending = [];
    this.#flushes += 1;
    this.#flushedAt = this.#options.clock.now();
    this.#inFlight = chunks.length;
    this.#behindSince ??= this.#flushedAt;
    try {
      await this.#append(chunks, this.#isEnding);
    } catch (thrown) {
      this.#failure = thrown instanceof Error ? thrown : new Error("an append failed", { cause: thrown });
      if (thrown instanceof ClaimLost) this.#options.onLost();
    }
    this.#writing = null;
    this.#inFlight = 0;
    const isBehind = this.#pending.length > 0 && this.#failure === null;
    this.#behindSince = isBehind ? this.#flushedAt : null;
    if (this.#pending.length > 0) this.#schedule();
  }

  /** An append whose answer was lost is said again: the log knows an entry that it has. */
  async #append(chunks: readonly Chunk[], ends: boolean): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const outcome = await this.#appendOnce(chunks, ends);
        const settled = outcome === "missing" ? await this.#rebuild(ends ? chunks : []) : outcome;
        if (settled === "ok") return;
        throw new ClaimLost(`the log answered "${settled}"`);
      } catch (thrown) {
        if (thrown instanceof ClaimLost) throw thrown;
        await this.#waitToRetry(attempt, thrown);
      }
    }
  }

  async #waitToRetry(attempt: number, err: unknown): Promise<void> {
    const { id, logger, signal } = this.#options;
    logger.warn({ completionId: id, attempt, err }, "the chunk log can't be reached; trying again");
    await sleep(retryMilliseconds[Math.min(attempt, retryMilliseconds.length - 1)], undefined, { signal });
  }

  async #appendOnce(chunks: readonly Chunk[], ends: boolean): Promise<AppendOutcome> {
    const { io, log, id, fence } = this.#options;
    const entry = frameEntry(this.#head, chunks, ends);
    const outcome = await io("log.append", () => log.append(id, fence, entry));
    if (outcome === "ok") this.#head = { ...this.#head, last: entry.last, ended: ends };
    return outcome;
  }

  /** The log is gone: a new epoch begins with all that was ever said, and viewers start over. */
  async #rebuild(ending: readonly Chunk[]): Promise<AppendOutcome> {
    const { io, log, id, fence, start } = this.#options;
    const head = await io("log.open", () => log.open(id, fence, { fresh: true }));
    if (head === null) return "fenced";
    this.#head = head;
    const said = unfold(this.fold.parts, this.fold);
    // the fold holds what waits to be written as well
    this.#pending = [];
    return this.#appendOnce([start, ...said, ...ending], ending.length > 0);
  }
}
