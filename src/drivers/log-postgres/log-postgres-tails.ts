import type { Logger } from "../../foundation/logger.ts";
import type { LogEntry, LogHead, LogPage } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import type { Unsubscribe } from "../../ports/signals.ts";
import { type ChunkRow, readTails } from "../../store/completion/chunk-rows.ts";
import { Listeners } from "../signals/listeners.ts";
import { entriesOf } from "./log-postgres-pages.ts";

/** How far the watchers of a log have been told. */
interface Tail {
  /** Undefined: nobody has looked yet. Null: there is no such log. */
  readonly epoch: string | null | undefined;
  readonly last: number;
}

const logsAtOnce = 200;
const entriesAtOnce = 32;
const noPosition = 2_147_483_647;
const unseen: Tail = { epoch: undefined, last: 0 };
const mention = /^(.+):([^.:]+)\.(\d+)$/;

/**
 * Tells the watchers of this process what is new. One statement at a time reads for all of them, so that a log with many
 * viewers costs as much as one with a single viewer.
 */
export class PostgresTails {
  readonly #database: Database;
  readonly #teller: string;
  readonly #logger: Logger;
  readonly #watchers: Listeners<LogPage>;
  readonly #tails = new Map<string, Tail>();
  readonly #stale = new Set<string>();
  readonly #quiet = new Set<string>();
  #isReading = false;

  constructor(database: Database, { teller, logger }: { readonly teller: string; readonly logger: Logger }) {
    this.#database = database;
    this.#teller = teller;
    this.#logger = logger;
    this.#watchers = new Listeners(logger, (id) => this.#forget(id));
  }

  watch(id: string, listener: (page: LogPage) => void): Unsubscribe {
    const unwatch = this.#watchers.add(id, listener);
    if (!this.#tails.has(id)) {
      this.#tails.set(id, unseen);
      this.#refresh([id]);
    }
    return unwatch;
  }

  /** This process added the entry itself. */
  tell(id: string, epoch: string, entry: LogEntry): void {
    const tail = this.#tails.get(id);
    if (tail === undefined || (tail.epoch === epoch && tail.last >= entry.last)) return;
    this.#advance(id, { epoch, last: entry.last });
    this.#watchers.tell(id, { epoch, last: entry.last, ended: entry.ends, entries: [entry] });
  }

  /** This process began the log or took it over. */
  tellOpened(id: string, head: LogHead): void {
    const tail = this.#tails.get(id);
    if (tail === undefined || tail.epoch === head.epoch) return;
    if (head.last === 0) this.#tellHead(id, head, 0);
    else this.#refresh([id]);
  }

  /** A notification: logs, and how far they are. Of its own this process has told before. */
  hear(payload: string): void {
    if (payload.startsWith(`${this.#teller} `)) return;
    const changed: string[] = [];
    for (const part of payload.split(" ")) {
      const [, id = "", epoch, last] = mention.exec(part) ?? [];
      const tail = this.#tails.get(id);
      if (tail !== undefined && (tail.epoch !== epoch || tail.last < Number(last))) changed.push(id);
    }
    if (changed.length > 0) this.#refresh(changed);
  }

  /** Looks after every log that is watched: something may not have been heard. */
  refreshAll(): void {
    this.#refresh(this.#tails.keys());
  }

  /** Looks after those that nothing was heard of since it was called last. */
  refreshQuiet(): void {
    this.#refresh(this.#quiet);
    for (const id of this.#tails.keys()) this.#quiet.add(id);
  }

  clear(): void {
    this.#watchers.clear();
    this.#tails.clear();
    this.#stale.clear();
    this.#quiet.clear();
  }

  #forget(id: string): void {
    this.#tails.delete(id);
    this.#stale.delete(id);
    this.#quiet.delete(id);
  }

  #advance(id: string, tail: Tail): void {
    this.#tails.set(id, tail);
    this.#quiet.delete(id);
  }

  #refresh(ids: Iterable<string>): void {
    for (const id of ids) this.#stale.add(id);
    if (!this.#isReading) void this.#readStale();
  }

  async #readStale(): Promise<void> {
    this.#isReading = true;
    try {
      while (this.#stale.size > 0) await this.#read([...this.#stale].slice(0, logsAtOnce));
    } catch (err) {
      this.#logger.warn({ err }, "watched chunk logs could not be read; that is tried again");
    }
    this.#isReading = false;
  }

  async #read(ids: readonly string[]): Promise<void> {
    const before = new Map(ids.map((id) => [id, this.#tails.get(id) ?? unseen]));
    const after = ids.map((id) => {
      const tail = before.get(id) ?? unseen;
      return { id, after: tail.epoch === undefined ? noPosition : tail.last };
    });
    for (const id of ids) this.#stale.delete(id);
    const rows = Map.groupBy(await readTails(this.#database, after, entriesAtOnce), ({ id }) => id);
    for (const [id, tail] of before) {
      // What this process wrote meanwhile is further than what was read.
      if (this.#tails.get(id) === tail) this.#take(id, tail, rows.get(id) ?? []);
      else if (this.#tails.has(id)) this.#stale.add(id);
    }
  }

  #take(id: string, tail: Tail, rows: readonly ChunkRow[]): void {
    const [head] = rows;
    if (head === undefined) return void (tail.epoch === null || this.#tails.set(id, { epoch: null, last: 0 }));
    if (tail.epoch === undefined) return this.#tellHead(id, head, head.last);
    if (tail.epoch !== null && tail.epoch !== head.epoch) {
      this.#tellHead(id, head, 0);
      if (head.last > 0) this.#stale.add(id);
      return;
    }
    const entries = entriesOf(rows);
    const last = entries.at(-1);
    if (last === undefined && tail.epoch === head.epoch) return;
    this.#advance(id, { epoch: head.epoch, last: last?.last ?? 0 });
    this.#watchers.tell(id, {
      epoch: head.epoch,
      last: last?.last ?? 0,
      ended: last?.ends ?? head.ended,
      entries,
    });
    if (last !== undefined && last.last < head.last) this.#stale.add(id);
  }

  #tellHead(id: string, { epoch, last, ended }: LogHead, told: number): void {
    this.#advance(id, { epoch, last: told });
    this.#watchers.tell(id, { epoch, last, ended, entries: [] });
  }
}
