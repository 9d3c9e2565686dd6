import { NatterError } from "../../foundation/errors.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { AppendOutcome, ChunkLog, LogEntry, LogHead, LogPage } from "../../ports/chunk-log.ts";
import type { Unsubscribe } from "../../ports/signals.ts";
import { createEpoch } from "../../protocol/message/log-format.ts";
import { Listeners } from "../signals/listeners.ts";

interface StoredLog {
  readonly epoch: string;
  fence: number;
  last: number;
  ended: boolean;
  touchedAt: number;
  readonly entries: LogEntry[];
}

export interface MemoryLogOptions {
  /** Seconds that an ended log can still be read. */
  readonly retentionSeconds: number;
  /** Seconds after its last entry that a log is dropped which never ends (default 24 hours). */
  readonly abandonedSeconds?: number;
  readonly logger?: Logger;
}

const headOf = ({ epoch, last, ended }: StoredLog): LogHead => ({ epoch, last, ended });

const isStored = (log: StoredLog, entry: LogEntry): boolean => {
  const stored = log.entries.findLast(({ last }) => last <= entry.last);
  return (
    stored !== undefined &&
    stored.first === entry.first &&
    stored.last === entry.last &&
    stored.ends === entry.ends &&
    stored.frames.equals(entry.frames)
  );
};

const readEntries = (entries: readonly LogEntry[], after: number, maxBytes: number): LogEntry[] => {
  const page: LogEntry[] = [];
  let bytes = 0;
  for (let index = entries.findLastIndex((entry) => entry.last <= after) + 1; index < entries.length; index += 1) {
    const entry = entries[index];
    if (entry === undefined || (page.length > 0 && bytes + entry.frames.length > maxBytes)) break;
    page.push(entry);
    bytes += entry.frames.length;
  }
  return page;
};

class MemoryLog implements ChunkLog {
  readonly #logs = new Map<string, StoredLog>();
  readonly #watchers: Listeners<LogPage>;
  readonly #timer: NodeJS.Timeout;
  #isClosed = false;

  constructor({ retentionSeconds, abandonedSeconds = 86_400, logger = silentLogger }: MemoryLogOptions) {
    this.#watchers = new Listeners(logger);
    const sweep = (): void => this.#sweep(retentionSeconds * 1_000, abandonedSeconds * 1_000);
    this.#timer = setInterval(sweep, Math.max(10, retentionSeconds * 250)).unref();
  }

  async open(id: string, fence: number, { fresh = false }: { fresh?: boolean } = {}): Promise<LogHead | null> {
    this.#assertOpen();
    const known = this.#logs.get(id);
    if (known !== undefined && known.fence > fence) return null;
    if (known !== undefined && !fresh) {
      known.fence = fence;
      if (!known.ended) known.touchedAt = performance.now();
      return headOf(known);
    }
    const log = { epoch: createEpoch(), fence, last: 0, ended: false, touchedAt: performance.now(), entries: [] };
    this.#logs.set(id, log);
    this.#watchers.tell(id, { ...headOf(log), entries: [] });
    return headOf(log);
  }

  async append(id: string, fence: number, entry: LogEntry): Promise<AppendOutcome> {
    this.#assertOpen();
    const log = this.#logs.get(id);
    if (log === undefined) return "missing";
    if (fence < log.fence) return "fenced";
    if (entry.first <= log.last && isStored(log, entry)) return "ok";
    if (log.ended) return "ended";
    if (entry.first !== log.last + 1) return "gap";
    log.entries.push(entry);
    log.last = entry.last;
    log.ended = entry.ends;
    log.touchedAt = performance.now();
    if (this.#watchers.has(id)) this.#watchers.tell(id, { ...headOf(log), entries: [entry] });
    return "ok";
  }

  async read(id: string, after: number, maxBytes: number): Promise<LogPage | null> {
    this.#assertOpen();
    const log = this.#logs.get(id);
    return log === undefined ? null : { ...headOf(log), entries: readEntries(log.entries, after, maxBytes) };
  }

  watch(id: string, listener: (page: LogPage) => void): Unsubscribe {
    return this.#isClosed ? () => {} : this.#watchers.add(id, listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#watchers.clear();
    this.#logs.clear();
  }

  #sweep(retention: number, abandoned: number): void {
    const now = performance.now();
    for (const [id, log] of this.#logs) {
      if (now - log.touchedAt > (log.ended ? retention : abandoned)) this.#logs.delete(id);
    }
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new NatterError("unavailable", "The chunk log is closed; the server is shutting down.");
  }
}

/** Keeps chunks in this process: for a server that is one process. They are gone when it ends. */
export const createMemoryLog = (options: MemoryLogOptions): ChunkLog => new MemoryLog(options);
