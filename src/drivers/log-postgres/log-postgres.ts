import { randomUUID } from "node:crypto";
import { NatterError } from "../../foundation/errors.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { AppendOutcome, ChunkLog, LogEntry, LogHead, LogPage } from "../../ports/chunk-log.ts";
import type { Database } from "../../ports/database.ts";
import type { Unsubscribe } from "../../ports/signals.ts";
import { createEpoch } from "../../protocol/message/log-format.ts";
import { chunkChannel, forgetChunkLogs, openChunkLog, readChunks } from "../../store/completion/chunk-rows.ts";
import { pageOf } from "./log-postgres-pages.ts";
import { PostgresTails } from "./log-postgres-tails.ts";
import { PostgresLogWriter } from "./log-postgres-writer.ts";
import { createPostgresDatabase } from "../postgres/postgres.ts";
import { PostgresListener } from "../postgres/postgres-listener.ts";
import { whileUnavailable } from "../while-unavailable.ts";

export interface PostgresLogOptions {
  /** Of a migrated database; a pooler in between must not pool by transaction. */
  readonly url: string;
  /** Seconds that an ended log can still be read. */
  readonly retentionSeconds: number;
  /** Seconds after it was last opened that a log is dropped which never ends (default 24 hours). */
  readonly abandonedSeconds?: number;
  /** Seconds between two looks at watched logs that nothing was heard of (default 1). */
  readonly pollSeconds?: number;
  readonly logger?: Logger;
}

const readers = 2;

const unavailable = (cause: unknown): NatterError =>
  new NatterError("unavailable", "PostgreSQL can't be reached; try again in a few seconds.", { cause });

class PostgresLog implements ChunkLog {
  readonly #abandonedSeconds: number;
  readonly #teller = randomUUID();
  readonly #logger: Logger;
  // Connections of its own: what is said never waits behind requests, nor behind viewers who read.
  readonly #writes: Database;
  readonly #reads: Database;
  readonly #writer: PostgresLogWriter;
  readonly #tails: PostgresTails;
  readonly #listener: PostgresListener;
  readonly #timers: readonly NodeJS.Timeout[];
  #closing: Promise<void> | null = null;

  constructor(options: PostgresLogOptions) {
    const { url, retentionSeconds, abandonedSeconds = 86_400, pollSeconds = 1, logger = silentLogger } = options;
    this.#abandonedSeconds = abandonedSeconds;
    this.#logger = logger;
    this.#writes = createPostgresDatabase({ url, maxConnections: 1 });
    this.#reads = createPostgresDatabase({ url, maxConnections: readers });
    this.#writer = new PostgresLogWriter(this.#writes, { retentionSeconds, teller: this.#teller });
    this.#tails = new PostgresTails(this.#reads, { teller: this.#teller, logger });
    this.#listener = new PostgresListener({
      url,
      channel: chunkChannel,
      logger,
      onNotify: (payload) => this.#tails.hear(payload),
      onReady: () => this.#tails.refreshAll(),
    });
    const sweepSeconds = Math.max(5, Math.min(30, retentionSeconds));
    this.#timers = [
      setInterval(() => this.#tails.refreshQuiet(), pollSeconds * 1_000).unref(),
      setInterval(() => void this.#forgetOld(), sweepSeconds * 1_000).unref(),
    ];
  }

  async open(id: string, fence: number, { fresh = false }: { fresh?: boolean } = {}): Promise<LogHead | null> {
    const opening = { id, fence, epoch: createEpoch(), isFresh: fresh, abandonedSeconds: this.#abandonedSeconds };
    const asked = { ...opening, teller: this.#teller };
    const opened = await this.#ask(() => this.#again(() => openChunkLog(this.#writes, asked)));
    if (opened === undefined) return null;
    const head = { epoch: opened.epoch, last: opened.last, ended: opened.ended };
    this.#tails.tellOpened(id, head);
    return head;
  }

  async append(id: string, fence: number, entry: LogEntry): Promise<AppendOutcome> {
    const { outcome, epoch } = await this.#ask(() => this.#writer.append(id, fence, entry));
    if (outcome === "ok") this.#tails.tell(id, epoch, entry);
    return outcome;
  }

  async read(id: string, after: number, maxBytes: number): Promise<LogPage | null> {
    return pageOf(await this.#ask(() => this.#again(() => readChunks(this.#reads, id, after, maxBytes))));
  }

  watch(id: string, listener: (page: LogPage) => void): Unsubscribe {
    return this.#closing === null ? this.#tails.watch(id, listener) : () => {};
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#tails.clear();
    this.#writer.close();
    await Promise.all([this.#listener.close(), this.#writes.close(), this.#reads.close()]);
  }

  #again<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    return whileUnavailable(question, () => this.#closing !== null);
  }

  async #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    if (this.#closing !== null) {
      throw new NatterError("unavailable", "The chunk log is closed; the server is shutting down.");
    }
    try {
      return await question();
    } catch (error) {
      throw unavailable(error);
    }
  }

  async #forgetOld(): Promise<void> {
    try {
      await forgetChunkLogs(this.#reads);
    } catch (err) {
      this.#logger.warn({ err }, "old chunk logs could not be forgotten; that is tried again");
    }
  }
}

/**
 * Keeps chunks in PostgreSQL, for any number of nodes without Redis. At most four connections per process, however many
 * logs are watched.
 */
export const createPostgresLog = (options: PostgresLogOptions): ChunkLog => new PostgresLog(options);
