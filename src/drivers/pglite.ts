import { mkdir, realpath } from "node:fs/promises";
import type { Database } from "../ports/database.ts";
import { PgliteConnection } from "./pglite-connection.ts";
import { lockFolder } from "./pglite-lock.ts";
import { startPgliteThread } from "./pglite-thread.ts";
import { shareDatabase } from "./shared-databases.ts";
import { createSqlDatabase } from "./sql-database.ts";
import { createConnectionPool } from "./sql-pool.ts";

export interface PgliteDatabaseOptions {
  /** The data folder, which this process owns from then on; null keeps everything in memory. */
  readonly directory: string | null;
  /** A transaction that sends nothing for so long is taken to be stuck and rolled back: 30,000. */
  readonly transactionIdleMilliseconds?: number;
  /** Its first element counts how often a file was synced to the disk. */
  readonly syncs?: Int32Array<SharedArrayBuffer>;
}

/** One at a time under each name, in the order of asking. Processes need no such lock: the folder has one owner. */
const createGates = () => {
  const last = new Map<string, Promise<unknown>>();
  return <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    const turn = (last.get(name) ?? Promise.resolve()).then(work);
    const passed = turn.then(
      () => {},
      () => {},
    );
    last.set(name, passed);
    void passed.then(() => last.get(name) === passed && last.delete(name));
    return turn;
  };
};

const open = async (
  folder: string | null,
  { transactionIdleMilliseconds = 30_000, syncs = new Int32Array(new SharedArrayBuffer(4)) }: PgliteDatabaseOptions,
  onEnd: () => void,
): Promise<Database> => {
  const thread = await startPgliteThread({ folder, syncs });
  thread.onEnd(onEnd);
  const connection = new PgliteConnection(thread);
  const pool = createConnectionPool({ size: 1, pipelined: true, create: () => connection });
  const database = createSqlDatabase({ pool, transactionIdleMilliseconds });
  const pass = createGates();
  return {
    ...database,
    exclusive: async (name, work) => {
      database.lender();
      return pass(name, work);
    },
    close: async () => {
      await database.close();
      // The pool knows the connection only once it was used.
      await thread.close();
    },
  };
};

const openLocked = async (folder: string, options: PgliteDatabaseOptions, forget: () => void): Promise<Database> => {
  const unlock = lockFolder(folder);
  const end = (): void => {
    unlock();
    forget();
  };
  try {
    return await open(folder, options, end);
  } catch (error) {
    unlock();
    throw error;
  }
};

/**
 * The `Database` port on an embedded PostgreSQL in a thread of its own. A folder has one instance: whoever opens it
 * again in this process shares it, until all have closed it; another process gets `unavailable`. What is acknowledged
 * is on the disk.
 */
export const createPgliteDatabase = async (options: PgliteDatabaseOptions): Promise<Database> => {
  if (options.directory === null) return open(null, options, () => {});
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const folder = await realpath(options.directory);
  return shareDatabase(folder, (forget) => openLocked(folder, options, forget));
};
