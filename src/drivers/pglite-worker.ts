import { existsSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { DurableFiles, MemoryFiles } from "./pglite-files.ts";
import { SyncJournal } from "./pglite-journal.ts";
import { AnswerOutbox } from "./pglite-outbox.ts";
import { loadTemplate, unpackTemplate } from "./pglite-template.ts";
import type { PgliteThreadOptions } from "./pglite-thread.ts";

const options: PgliteThreadOptions = workerData;

/** Ends this thread, not the process; the other side rejects whatever was not acknowledged. */
const stop = (cause: unknown): never => {
  parentPort?.postMessage(cause);
  process.exit(1);
};

const journal = new SyncJournal({ onSync: () => Atomics.add(options.syncs, 0, 1), onFailure: stop });

// PGlite's own parameters turn fsync off (-F).
const parameters = PGlite.defaultStartParams.filter((parameter) => parameter !== "-F");
const common = ["shared_buffers=16MB", "timezone=UTC", "datestyle=ISO", "default_statistics_target=25"];
const durable = ["fsync=on", "wal_sync_method=fsync"];
const volatile = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

const startParameters = (settings: readonly string[]): string[] => [
  ...parameters,
  ...[...common, ...settings].flatMap((setting) => ["-c", setting]),
];

const openFiles = async (folder: string | null): Promise<PGliteOptions> => {
  if (folder === null) return { fs: new MemoryFiles(await loadTemplate()), startParams: startParameters(volatile) };
  const files = join(folder, "database");
  if (!existsSync(files)) await unpackTemplate(await loadTemplate(), files);
  return { fs: new DurableFiles(files, journal), startParams: startParameters(durable) };
};

const pglite = await PGlite.create(await openFiles(options.folder));
journal.begin();

const execute = (request: Uint8Array): Uint8Array[] => {
  const parts: Uint8Array[] = [];
  pglite
    .execProtocolRawStream(request, {
      syncToFs: false,
      // A window into the memory of PGlite, which reuses it.
      onRawData: (bytes) => parts.push(bytes.slice()),
    })
    .catch(stop);
  // Where it need not wait for files, the call has done all its work when it returns.
  return parts;
};

const outbox = new AnswerOutbox({
  journal,
  execute,
  send: (answers) => parentPort?.postMessage(answers),
  onFailure: stop,
});

const close = async (): Promise<void> => {
  journal.end();
  outbox.close();
  await pglite.close();
  parentPort?.close();
};

const receive = (requests: Uint8Array | null): void => {
  if (!requests) return void close().catch(stop);
  try {
    outbox.post(requests);
  } catch (cause) {
    stop(cause);
  }
};

parentPort?.on("message", receive);
parentPort?.postMessage(null);
