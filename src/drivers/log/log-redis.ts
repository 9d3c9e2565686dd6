import type { Redis } from "ioredis";
import { NatterError } from "../../foundation/errors.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { AppendOutcome, ChunkLog, LogEntry, LogHead, LogPage } from "../../ports/chunk-log.ts";
import type { Unsubscribe } from "../../ports/signals.ts";
import { createEpoch } from "../../protocol/message/log-format.ts";
import { Listeners } from "../signals/listeners.ts";
import { logKeys, parsePublished, parseRead } from "./log-redis-replies.ts";
import { logScripts } from "./log-redis-scripts.ts";
import { connectRedis, disconnectRedis, type RedisAddress, replyOf } from "../redis/redis-connection.ts";

export type RedisLogOptions = RedisAddress & {
  /** Seconds that an ended log can still be read. */
  readonly retentionSeconds: number;
  /** Seconds after it was last opened that a log is dropped which never ends (default 24 hours). */
  readonly abandonedSeconds?: number;
  /** Begins every key (default `natter:`). */
  readonly prefix?: string;
  readonly logger?: Logger;
};

class RedisLog implements ChunkLog {
  readonly #keys: ReturnType<typeof logKeys>;
  readonly #retention: number;
  readonly #abandoned: number;
  readonly #logger: Logger;
  readonly #watchers: Listeners<LogPage>;
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  #isClosed = false;

  constructor(options: RedisLogOptions) {
    const { retentionSeconds, abandonedSeconds = 86_400, prefix = "natter:", logger = silentLogger } = options;
    this.#keys = logKeys(prefix);
    this.#retention = Math.ceil(retentionSeconds * 1_000);
    this.#abandoned = Math.ceil(abandonedSeconds * 1_000);
    this.#logger = logger;
    this.#watchers = new Listeners(logger, (id) => this.#unsubscribe(id));
    this.#commands = connectRedis(
      options,
      { scripts: logScripts, socketTimeout: 5_000, commandTimeout: 5_000 },
      logger,
    );
    const subscribing = { autoResubscribe: false, autoResendUnfulfilledCommands: false };
    this.#subscriber = connectRedis(options, subscribing, logger)
      .on("ready", () => void this.#subscribe(this.#watchers.keys()))
      .on("messageBuffer", (channel: Buffer, message: Buffer) => {
        this.#watchers.tell(this.#keys.idOf(channel), parsePublished(message));
      });
  }

  async open(id: string, fence: number, { fresh = false }: { fresh?: boolean } = {}): Promise<LogHead | null> {
    this.#assertOpen();
    const { head, chunks } = this.#keys.of(id);
    const opening = this.#commands.logOpen(head, chunks, fence, createEpoch(), fresh ? 1 : 0, this.#abandoned);
    const reply = await replyOf(opening);
    return reply === null ? null : { epoch: reply[0], last: Number(reply[1]), ended: reply[2] === "1" };
  }

  async append(id: string, fence: number, entry: LogEntry): Promise<AppendOutcome> {
    this.#assertOpen();
    const { head, chunks } = this.#keys.of(id);
    const { first, last, ends, frames } = entry;
    const times = [this.#retention, this.#abandoned] as const;
    const appending = this.#commands.logAppend(head, chunks, fence, first, last, ends ? 1 : 0, frames, ...times);
    const [outcome, epoch] = await replyOf(appending);
    if (outcome === "ok" && this.#watchers.has(id)) {
      this.#watchers.tell(id, { epoch, last, ended: ends, entries: [entry] });
    }
    return outcome;
  }

  async read(id: string, after: number, maxBytes: number): Promise<LogPage | null> {
    this.#assertOpen();
    const { head, chunks } = this.#keys.of(id);
    return parseRead(await replyOf(this.#commands.logReadBuffer(head, chunks, after + 1, maxBytes)));
  }

  watch(id: string, listener: (page: LogPage) => void): Unsubscribe {
    if (this.#isClosed) return () => {};
    const isFirst = !this.#watchers.has(id);
    const unwatch = this.#watchers.add(id, listener);
    if (isFirst) void this.#subscribe([id]);
    return unwatch;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#watchers.clear();
    this.#subscriber.disconnect();
    await disconnectRedis(this.#commands, this.#logger);
  }

  async #subscribe(ids: readonly string[]): Promise<void> {
    if (ids.length === 0 || this.#subscriber.status !== "ready") return;
    try {
      await this.#subscriber.subscribe(...ids.map((id) => this.#keys.of(id).chunks));
      await Promise.all(ids.map((id) => this.#tellHead(id)));
    } catch (error) {
      if (!this.#isClosed) this.#logger.warn({ err: error }, "watching chunk logs goes on when Redis is back");
    }
  }

  // What was appended before the subscription began is not published again: watchers learn how far the log is.
  async #tellHead(id: string): Promise<void> {
    const page = await this.read(id, Number.MAX_SAFE_INTEGER, 0);
    if (page !== null) this.#watchers.tell(id, page);
  }

  #unsubscribe(id: string): void {
    if (this.#subscriber.status !== "ready") return;
    this.#subscriber.unsubscribe(this.#keys.of(id).chunks).catch((error: unknown) => {
      this.#logger.debug({ err: error, id }, "a chunk log is no longer watched, Redis was not told");
    });
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new NatterError("unavailable", "The chunk log is closed; the server is shutting down.");
  }
}

/**
 * Keeps chunks in Redis (6.2 or newer, eviction off), for any number of nodes. Two connections per process, however
 * many logs are watched.
 */
export const createRedisLog = (options: RedisLogOptions): ChunkLog => new RedisLog(options);
