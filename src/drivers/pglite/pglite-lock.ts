import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { NatterError } from "../../foundation/errors.ts";

const busy = 5;

const isBusy = (error: unknown): boolean => error instanceof Error && "errcode" in error && error.errcode === busy;

const describeOwner = (file: string): string => {
  try {
    return ` (${readFileSync(file, "utf8").trim()})`;
  } catch {
    // It may be gone or not written yet; the lock is what counts.
    return "";
  }
};

const takeLock = (file: string): (() => void) => {
  const lock = new DatabaseSync(file, { timeout: 0 });
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (error) {
    lock.close();
    throw error;
  }
  return () => lock.close();
};

/**
 * Takes the folder for this process and returns how to give it back. The lock is the operating system's, held through
 * SQLite because Node has none of its own: it ends with the process, however that ends, so it can be neither left
 * behind nor taken by two. Throws `unavailable` while another process has it.
 */
export const lockFolder = (folder: string): (() => void) => {
  const owner = join(folder, "owner");
  try {
    const unlock = takeLock(join(folder, "lock"));
    writeFileSync(owner, `process ${process.pid}, started ${new Date(performance.timeOrigin).toISOString()}\n`);
    return unlock;
  } catch (cause) {
    throw new NatterError(
      "unavailable",
      isBusy(cause)
        ? `Another Natter uses the folder ${folder}${describeOwner(owner)}. Stop it, choose another folder with NATTER_DATA_DIR, or let them share a PostgreSQL server with DATABASE_URL`
        : `The folder ${folder} cannot be locked; put it on a local disk that may be written to, or use a PostgreSQL server with DATABASE_URL`,
      { cause },
    );
  }
};
