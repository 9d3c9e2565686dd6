import { createId } from "../../foundation/ids.ts";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { CompletionKey, Queue, Wake } from "../../ports/queue.ts";
import type { Signals, Unsubscribe } from "../../ports/signals.ts";
import { type Jobs, openJobs } from "./queue-bullmq-jobs.ts";
import { formatTelling, parseTelling } from "./queue-key.ts";
import type { RedisAddress } from "../redis/redis-connection.ts";

export type BullmqQueueOptions = RedisAddress & {
  /** Tells the other nodes what the first one did not take; stays its owner's to close. */
  readonly signals: Signals;
  readonly pollSeconds: number;
  /** Keys that this process looks at at once (default 50). */
  readonly concurrency?: number;
  /** Begins every key; the braces keep them in one slot of a Redis Cluster (default `{natter}`). */
  readonly prefix?: string;
  readonly logger?: Logger;
};

class BullmqQueue implements Queue {
  readonly #signals: Signals;
  readonly #pollSeconds: number;
  readonly #logger: Logger;
  readonly #jobs: Jobs;
  readonly #instance = createId();
  readonly #consumers = new Map<Unsubscribe, Wake>();
  #stopWorking: (() => Promise<void>) | null = null;
  #isClosed = false;

  constructor(options: BullmqQueueOptions) {
    const { signals, pollSeconds, concurrency = 50, prefix = "{natter}", logger = silentLogger } = options;
    this.#signals = signals;
    this.#pollSeconds = pollSeconds;
    this.#logger = logger;
    this.#jobs = openJobs({ address: options, prefix, concurrency, logger });
  }

  push(key: CompletionKey): void {
    if (!this.#isClosed) this.#jobs.add(formatTelling(key));
  }

  async consume(wake: Wake): Promise<Unsubscribe> {
    const unsubscribe = await this.#signals.subscribe("work", (payload) => {
      const { key, from } = parseTelling(payload);
      if (from !== this.#instance) void this.#ask(wake, key);
    });
    const timer = setInterval(() => void this.#ask(wake, undefined), this.#pollSeconds * 1_000).unref();
    const stop = (): void => {
      clearInterval(timer);
      unsubscribe();
      this.#consumers.delete(stop);
      if (this.#consumers.size === 0) void this.#endWork();
    };
    this.#consumers.set(stop, wake);
    this.#stopWorking ??= this.#jobs.work((text) => this.#look(text));
    void this.#ask(wake, undefined);
    return stop;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const ending = this.#endWork();
    for (const stop of this.#consumers.keys()) stop();
    await ending;
    await this.#jobs.close();
  }

  async #endWork(): Promise<void> {
    const stop = this.#stopWorking;
    this.#stopWorking = null;
    await stop?.();
  }

  async #look(text: unknown): Promise<void> {
    const { key } = parseTelling(text);
    if (key === undefined) return;
    const answers = await Promise.all([...this.#consumers.values()].map((wake) => this.#ask(wake, key)));
    if (!answers.includes(true)) this.#signals.publish("work", formatTelling(key, this.#instance));
  }

  async #ask(wake: Wake, key: CompletionKey | undefined): Promise<boolean> {
    try {
      return (await wake(key)) === true;
    } catch (err) {
      this.#logger.error({ err }, "who was woken failed");
      return false;
    }
  }
}

/**
 * A queue that wakes one node first, through BullMQ (Redis 6.2 or newer, eviction off), and the others only if that one
 * did not take the completion. Which completions are due is asked of the completion table; losing Redis costs one poll.
 */
export const createBullmqQueue = (options: BullmqQueueOptions): Queue => new BullmqQueue(options);
