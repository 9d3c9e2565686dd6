import { Queue as JobQueue, Worker as JobWorker } from "bullmq";
import type { Logger } from "../../foundation/logger.ts";
import { connectRedis, disconnectRedis, type RedisAddress } from "../redis/redis-connection.ts";

export interface JobsOptions {
  readonly address: RedisAddress;
  readonly prefix: string;
  /** Jobs that this process looks at at once. */
  readonly concurrency: number;
  readonly logger: Logger;
}

/** Texts that each go to one of the processes that work on them; nothing is kept of one that was looked at. */
export interface Jobs {
  /** Returns at once; a failure is only logged. */
  add(text: string): void;
  /** Gives texts to `look` until the function that it returns is called. */
  work(look: (text: unknown) => Promise<void>): () => Promise<void>;
  close(): Promise<void>;
}

const name = "completions";
const pendingAtMost = 10_000;
const job = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

export const openJobs = ({ address, prefix, concurrency, logger }: JobsOptions): Jobs => {
  const warn = (err: unknown): void =>
    logger.warn({ err }, "the queue in Redis has a problem; what is due is found by looking");
  const producer = connectRedis(address, { commandTimeout: 5_000 }, logger);
  const queue = new JobQueue(name, { connection: producer, prefix, skipMetasUpdate: true });
  queue.on("error", warn);
  let pending = 0;

  return {
    add: (text) => {
      if (pending >= pendingAtMost) return warn(new Error(`${pending} keys wait for Redis; another one was dropped`));
      pending += 1;
      queue
        .add("wake", text, job)
        .catch(warn)
        .finally(() => (pending -= 1));
    },
    work: (look) => {
      const connection = connectRedis(address, { maxRetriesPerRequest: null }, logger);
      const worker = new JobWorker(name, ({ data }) => look(data), { connection, prefix, concurrency });
      worker.on("error", warn);
      return async () => {
        await worker.close(true).catch(warn);
        await disconnectRedis(connection, logger);
      };
    },
    close: async () => {
      await queue.close().catch(warn);
      await disconnectRedis(producer, logger);
    },
  };
};
