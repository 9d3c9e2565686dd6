import { existsSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { Filesystem } from "@electric-sql/pglite/basefs";
import { DurableFiles, MemoryFiles } from "./pglite-files.ts";
import { SyncJournal } from "./pglite-journal.ts";
import { durableSettings, startPgliteServer, volatileSettings } from "./pglite-server.ts";
import { loadTemplate, unpackTemplate } from "./pglite-template.ts";
import type { PgliteThreadOptions } from "./pglite-thread.ts";

const { folder, template, syncs }: Omit<PgliteThreadOptions, "logger"> = workerData;

/** Ends this thread, not the process; the other side rejects whatever was not acknowledged. */
const stop = (cause: unknown): void => {
  parentPort?.postMessage(new Error("its thread failed", { cause }));
  process.exit(1);
};

const journal = new SyncJournal({ onSync: () => Atomics.add(syncs, 0, 1), onFailure: stop });

const openFiles = async (): Promise<Filesystem> => {
  if (folder === null) return new MemoryFiles(await loadTemplate(template));
  const database = join(folder, "database");
  if (!existsSync(database)) await unpackTemplate(await loadTemplate(template), database);
  return new DurableFiles(database, journal);
};

const server = await startPgliteServer({
  files: await openFiles(),
  settings: folder === null ? volatileSettings : durableSettings,
  journal,
  send: (answers) => parentPort?.postMessage(answers),
  onFailure: stop,
  onNeglect: (cause, statement) => parentPort?.postMessage({ neglected: statement, cause: String(cause) }),
});

const close = async (): Promise<void> => {
  await server.close();
  parentPort?.close();
};

parentPort?.on("message", (requests: Uint8Array | null) => {
  if (requests) server.receive(requests);
  else close().catch(stop);
});
parentPort?.postMessage(null);
