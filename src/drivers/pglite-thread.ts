import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { NatterError } from "../foundation/errors.ts";

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
  /** Its first element counts the syncs of a file to the disk. */
  readonly syncs: Int32Array<SharedArrayBuffer>;
}

// As source the thread's file is TypeScript, in the built package JavaScript.
const file = new URL(import.meta.url.endsWith(".ts") ? "./pglite-worker.ts" : "./pglite-worker.js", import.meta.url);

/** Starts PGlite in a thread of its own and resolves when it takes requests. */
export const startPgliteThread = async (options: PgliteThreadOptions): Promise<PgliteThread> => {
  const worker = new Worker(file, { workerData: options, name: "natter-database" });
  const ended = Promise.withResolvers<unknown>();
  worker.once("error", ended.resolve);
  worker.once("exit", (code) => ended.resolve(code === 0 ? undefined : new Error(`its thread exited with ${code}`)));

  const started = await Promise.race([once(worker, "message"), ended.promise.then((cause) => ({ cause }))]);
  if ("cause" in started) {
    throw new NatterError("unavailable", "The embedded database did not start", { cause: started.cause });
  }
  return {
    send: (requests) => worker.postMessage(requests),
    onAnswers: (listener) =>
      worker.on("message", (bytes: Uint8Array<ArrayBuffer>) =>
        listener(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
      ),
    onEnd: (listener) => void ended.promise.then(listener),
    close: async () => {
      worker.postMessage(null);
      await ended.promise;
    },
  };
};
