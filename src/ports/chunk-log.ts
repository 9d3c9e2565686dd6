import type { Unsubscribe } from "./signals.ts";

/** Some consecutive chunks of a completion, framed once for all viewers. */
export interface LogEntry {
  /** Position of the first chunk; positions count 1, 2, 3 … per completion. */
  readonly first: number;
  /** Position of the last chunk. */
  readonly last: number;
  /** The chunks as SSE: per chunk `id: <epoch>.<position>\ndata: <json>\n\n`. Shared by all viewers; never changed. */
  readonly frames: Buffer;
  /** True on the entry that holds the completion's ending; nothing comes after it. */
  readonly ends: boolean;
}

export interface LogHead {
  /** Names this incarnation of the log and the format of its entries (`protocol/log-format.ts`); another one means that every viewer starts over. */
  readonly epoch: string;
  /** Position of the last chunk; 0 when there is none yet. */
  readonly last: number;
  /** Whether the ending is in it. */
  readonly ended: boolean;
}

export interface LogPage extends LogHead {
  readonly entries: readonly LogEntry[];
}

/**
 * `fenced`: the writer's fence is lower than the log's, another worker owns it. `ended`: the ending is already there.
 * `gap`: `entry.first` is not `last + 1`. `missing`: there is no such log (any more). Nothing is stored but on `ok`.
 */
export type AppendOutcome = "ok" | "fenced" | "ended" | "gap" | "missing";

/**
 * The chunks of completions, in the order that all viewers see. One writer at a time, decided by the fence; any
 * number of readers on any node.
 */
export interface ChunkLog {
  /**
   * Creates the log with a random epoch of this version's format, or takes it over: from now on appends with a lower fence are refused. With
   * `fresh`, whatever is there is dropped and a new epoch begins. Returns null, and changes nothing, when the log
   * already has a higher fence.
   */
  open(id: string, fence: number, options?: { fresh?: boolean }): Promise<LogHead | null>;
  /**
   * Adds an entry at the end. Resolves when readers on every node can see it. Rejects only when the log can't be
   * reached; then the same entry may be tried again: one that is in the log already is not added twice, but `ok`.
   */
  append(id: string, fence: number, entry: LogEntry): Promise<AppendOutcome>;
  /**
   * The head and the entries that hold positions after `after`, oldest first, whole entries, about `maxBytes` of
   * frames (at least one entry if there is any). Null when there is no such log. An ended log is kept for the
   * retention time and then forgotten.
   */
  read(id: string, after: number, maxBytes: number): Promise<LogPage | null>;
  /**
   * Calls `listener` soon after each append (and each `open` that began an epoch, with an entry-less page), from now
   * on, in order. It may repeat entries, and it may skip some and only tell with an entry-less page how far the log
   * is, or after trouble nothing at all: readers check positions and `read` again. The log need not exist yet.
   */
  watch(id: string, listener: (page: LogPage) => void): Unsubscribe;
  /** Listeners hear nothing more; `open`, `append` and `read` reject with `unavailable`. */
  close(): Promise<void>;
}
