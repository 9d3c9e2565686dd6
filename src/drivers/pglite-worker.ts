import { existsSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { DurableFiles, MemoryFiles } from "./pglite-files.ts";
import { loadTemplate, unpackTemplate } from "./pglite-template.ts";
import type { PgliteThreadOptions } from "./pglite-thread.ts";

const readyForQuery = 90;
const readyForQueryBytes = 6;

const options: PgliteThreadOptions = workerData;

const setting = (value: string): string[] => ["-c", value];

// PGlite's own parameters turn fsync off (-F).
const parameters = PGlite.defaultStartParams.filter((parameter) => parameter !== "-F");
const common = ["shared_buffers=16MB", "timezone=UTC", "datestyle=ISO"];
const durable = ["fsync=on", "wal_sync_method=fsync"];
const volatile = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];

const openFiles = async ({ folder, syncs }: PgliteThreadOptions): Promise<PGliteOptions> => {
  if (folder === null) {
    const files = new MemoryFiles(await loadTemplate());
    return { fs: files, startParams: [...parameters, ...[...common, ...volatile].flatMap(setting)] };
  }
  const database = join(folder, "database");
  if (!existsSync(database)) await unpackTemplate(await loadTemplate(), database);
  const files = new DurableFiles(database, () => void Atomics.add(syncs, 0, 1));
  return { fs: files, startParams: [...parameters, ...[...common, ...durable].flatMap(setting)] };
};

const pglite = await PGlite.create(await openFiles(options));

const answer = async (requests: Uint8Array): Promise<Uint8Array<ArrayBuffer>> => {
  const parts: Uint8Array[] = [];
  await pglite.execProtocolRawStream(requests, {
    syncToFs: false,
    // The bytes are a window into the memory of PGlite, which reuses it.
    onRawData: (bytes) => parts.push(bytes.slice()),
  });
  const whole = Buffer.concat(parts);
  return new Uint8Array(whole);
};
void readyForQuery;
void readyForQueryBytes;
parentPort?.on("message", async (requests: Uint8Array | null) => {
  if (requests) return parentPort?.postMessage(await answer(requests));
  await pglite.close();
  parentPort?.close();
});
parentPort?.postMessage(null);
