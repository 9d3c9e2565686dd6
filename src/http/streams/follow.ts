import { setImmediate as nextTurn } from "node:timers/promises";
import type { Logger } from "../../foundation/logger.ts";
import { foreignFormat, isOwnFormat } from "../../protocol/message/log-format.ts";
import type { ChunkLog, LogEntry, LogPage } from "../../ports/chunk-log.ts";
import type { FollowLimit } from "./follow-limit.ts";
import { cutFrames, mergeFrames } from "./frame-bytes.ts";

/**
 * Why nothing more comes. `ended`: the ending was delivered. `slow`: the viewer lags too far behind. `epoch`: the log
 * is gone, or another one took its place, or a version whose format this one can't read writes it. `gap`: the log no longer holds what comes next, or never held the position.
 * `limit`: the position was reached at which it was to stop.
 * After `slow` the viewer may come back for the rest; after `epoch` and `gap` it has to start over.
 */
export type FollowEnd = "ended" | "limit" | "slow" | "epoch" | "gap";

/** One viewer's socket. */
export interface FollowSink {
  /** Sends the frames, in order. They are shared with other viewers: never change them. Does not throw. */
  write(frames: Buffer): void;
  /** Bytes that were written and not yet taken by the viewer. */
  backlog(): number;
  /** Resolves when more may be written: at once unless the buffer is full, and also when the viewer has left. */
  drained(): Promise<void>;
  /** Called once, unless the viewer left first. */
  end(reason: FollowEnd): void;
}

/** Which log, and where in it a viewer begins. */
export interface FollowStart {
  readonly completionId: string;
  /** The viewer has everything up to this position: 0 is nothing, 1 is `start`. */
  readonly after: number;
  /** The epoch that position belongs to; absent: that of the log that is there, or that will be. */
  readonly epoch?: string | undefined;
}

export interface FollowOptions {
  /** Aborted when the viewer leaves. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** Bytes that a live viewer may lag behind (default 1 MiB). */
  readonly viewerBytes?: number;
  /** Bytes of history that are read at a time (default 256 KiB). */
  readonly pageBytes?: number;
  /** Where to stop; absent: at the end of the log. */
  readonly limit?: FollowLimit;
  /** Milliseconds of silence after which the log is read once, in case a push was lost (default 15,000). */
  readonly checkMilliseconds?: number;
}

const defaults = { viewerBytes: 1_048_576, pageBytes: 262_144, checkMilliseconds: 15_000 };

class Follower {
  readonly #log: ChunkLog;
  readonly #id: string;
  readonly #sink: FollowSink;
  readonly #options: FollowOptions & typeof defaults;
  readonly #left = Promise.withResolvers<void>();
  #at: number;
  #epoch: string | undefined;
  #isReplay: boolean;
  #isOver = false;
  // caught up with the log: what is heard may be delivered as it comes
  #isLive = false;
  #hasNews = false;
  #isQuiet = true;
  #resume = (): void => {};
  #release = (): void => {};

  constructor(log: ChunkLog, start: FollowStart, sink: FollowSink, options: FollowOptions) {
    this.#log = log;
    this.#id = start.completionId;
    this.#sink = sink;
    this.#options = { ...defaults, ...options };
    this.#at = start.after;
    this.#epoch = start.epoch;
    this.#isReplay = start.after <= 1;
  }

  async run(): Promise<void> {
    const { signal, checkMilliseconds } = this.#options;
    if (signal.aborted) return;
    const unwatch = this.#log.watch(this.#id, (page) => this.#hear(page));
    const timer = setInterval(() => this.#check(), checkMilliseconds).unref();
    const leave = (): void => this.#stop();
    this.#release = () => {
      unwatch();
      clearInterval(timer);
      signal.removeEventListener("abort", leave);
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#options.limit?.onSet(() => this.#stopAtLimit());
    while (!this.#isOver) {
      this.#hasNews = false;
      await this.#catchUp();
      if (!this.#isOver && !this.#hasNews) await this.#beLive();
    }
  }

  async #catchUp(): Promise<void> {
    for (;;) {
      const page = await this.#read();
      if (this.#isOver || page === undefined) return;
      if (page === null) return this.#epoch === undefined ? undefined : this.#end("epoch");
      this.#epoch ??= page.epoch;
      if (!isOwnFormat(page.epoch)) return this.#refuse(page.epoch);
      if (page.epoch !== this.#epoch) return this.#end("epoch");
      if (!this.#canTake(page)) return this.#end("gap");
      this.#takeHistory(page.entries);
      this.#stopAtLimit();
      if (this.#isOver) return;
      if (this.#at >= page.last) {
        if (page.ended) this.#end("ended");
        break;
      }
      await Promise.race([this.#sink.drained(), this.#left.promise]);
      // a long replay must not keep everybody else waiting
      await nextTurn();
      if (this.#isOver) return;
    }
    this.#isReplay = false;
  }

  async #read(): Promise<LogPage | null | undefined> {
    try {
      return await this.#log.read(this.#id, this.#at, this.#options.pageBytes);
    } catch (error) {
      this.#options.logger.warn({ err: error, completionId: this.#id }, "a viewer waits for the chunk log to be back");
      return undefined;
    }
  }

  #canTake({ entries: [next], last }: LogPage): boolean {
    if (next !== undefined) return next.first <= this.#at + 1;
    // a viewer may have been told `start` before the log held it
    return last === this.#at || (last === 0 && this.#at === 1);
  }

  #takeHistory(entries: readonly LogEntry[]): void {
    if (this.#isReplay && entries.length > 1) {
      this.#sink.write(mergeFrames(entries, this.#at));
      this.#at = entries.at(-1)?.last ?? this.#at;
    } else {
      for (const entry of entries) this.#take(entry);
    }
  }

  #take(entry: LogEntry): void {
    this.#sink.write(entry.first > this.#at ? entry.frames : cutFrames(entry.frames, this.#at));
    this.#at = entry.last;
  }

  #stopAtLimit(): void {
    if (!this.#isOver && this.#options.limit?.isReached(this.#at) === true) this.#end("limit");
  }

  #beLive(): Promise<void> {
    this.#isLive = true;
    return new Promise((resolve) => {
      this.#resume = resolve;
    });
  }

  #hear(page: LogPage): void {
    if (!this.#isLive) {
      this.#hasNews = true;
      return;
    }
    this.#epoch ??= page.epoch;
    if (page.epoch !== this.#epoch || !isOwnFormat(page.epoch)) return this.#readAgain();
    this.#isQuiet = false;
    for (const entry of page.entries) {
      if (entry.last <= this.#at) continue;
      if (entry.first > this.#at + 1) return this.#readAgain();
      if (this.#sink.backlog() > this.#options.viewerBytes) return this.#end("slow");
      this.#take(entry);
      if (entry.ends) return this.#end("ended");
      this.#stopAtLimit();
      if (this.#isOver) return;
    }
    if (page.last > this.#at || page.ended) this.#readAgain();
  }

  #check(): void {
    if (this.#isLive && this.#isQuiet) this.#readAgain();
    this.#isQuiet = true;
  }

  #readAgain(): void {
    this.#isLive = false;
    this.#resume();
  }

  #refuse(epoch: string): void {
    this.#options.logger.error({ err: foreignFormat(epoch), completionId: this.#id }, "a log is not shown");
    this.#end("epoch");
  }

  #end(reason: FollowEnd): void {
    this.#stop();
    this.#sink.end(reason);
  }

  #stop(): void {
    this.#isOver = true;
    this.#isLive = false;
    this.#release();
    this.#left.resolve();
    this.#resume();
  }
}

/**
 * Delivers the chunks of a completion with positions after `start.after` to one viewer: each exactly once, in order,
 * history first (neighbouring deltas merged in a full replay), then live. Waits for a log that does not exist yet.
 * Resolves when the viewer has left or `sink.end` was called.
 */
export const follow = (log: ChunkLog, start: FollowStart, sink: FollowSink, options: FollowOptions): Promise<void> =>
  new Follower(log, start, sink, options).run();
