import { Worker } from "node:worker_threads";
import { NatterError } from "../../foundation/errors.ts";
import type { Logger } from "../../foundation/logger.ts";

/** The thread in which PGlite runs: bytes of the PostgreSQL protocol in, bytes out, in the same order. */
export interface PgliteThread {
  send(requests: Uint8Array): void;
  /** Called with whole answers. */
  onAnswers(listener: (answers: Buffer) => void): void;
  /** Called once when it has ended, asked to or not. */
  onEnd(listener: (cause: unknown) => void): void;
  /** Resolves when everything is written and the thread has ended. */
  close(): Promise<void>;
}

export interface PgliteThreadOptions {
  /** The folder that holds the database's files; null keeps everything in memory. */
  readonly folder: string | null;
  /** The file of what a new database begins with; null: without any table. */
  readonly template: string | null;
  /** Its first element counts the syncs of a file to the disk. */
  readonly syncs: Int32Array<SharedArrayBuffer>;
  readonly logger: Logger;
}

interface Neglect {
  readonly neglected: string;
  readonly cause: string;
}

// As source the thread's file is TypeScript, in the built package JavaScript.
const file = new URL(import.meta.url.endsWith(".ts") ? "./pglite-worker.ts" : "./pglite-worker.js", import.meta.url);

/** Starts PGlite in a thread of its own and resolves when it takes requests. */
export const startPgliteThread = async ({ logger, ...workerData }: PgliteThreadOptions): Promise<PgliteThread> => {
  const worker = new Worker(file, { workerData, name: "natter-database" });
  const answers = new Set<(message: Buffer) => void>();
  const started = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<unknown>();
  let failure: unknown;
  worker.on("message", (message: Uint8Array<ArrayBuffer> | Error | Neglect | null) => {
    if (message === null) started.resolve();
    else if (message instanceof Error) failure = message;
    else if ("neglected" in message) logger.warn(message, "the embedded database's upkeep failed");
    else for (const listener of answers) listener(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
  });
  worker.once("error", (error) => {
    failure = error;
  });
  worker.once("exit", (code) => {
    if (code !== 0) failure ??= new Error(`its thread ended with code ${code}`);
    if (failure) logger.error({ err: failure }, "the embedded database has stopped");
    ended.resolve(failure);
    started.reject(new NatterError("unavailable", "The embedded database did not start", { cause: failure }));
  });
  await started.promise;
  return {
    send: (requests) => worker.postMessage(requests),
    onAnswers: (listener) => void answers.add(listener),
    onEnd: (listener) => void ended.promise.then(listener),
    close: async () => {
      worker.postMessage(null);
      await ended.promise;
    },
  };
};
