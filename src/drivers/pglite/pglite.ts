import { mkdir, realpath } from "node:fs/promises";
import { type Logger, silentLogger } from "../../foundation/logger.ts";
import type { Database } from "../../ports/database.ts";
import { createNamedGates } from "../sql/named-gates.ts";
import { PgliteConnection } from "./pglite-connection.ts";
import { lockFolder } from "./pglite-lock.ts";
import { startPgliteThread } from "./pglite-thread.ts";
import { shareDatabase } from "../sql/shared-databases.ts";
import { createSqlDatabase } from "../sql/sql-database.ts";
import { createConnectionPool } from "../sql/sql-pool.ts";

export interface PgliteDatabaseOptions {
  /** The data folder, which this process owns from then on; null keeps everything in memory. */
  readonly directory: string | null;
  /** A file of `packTemplate` that a new database begins with; default: one without any table. */
  readonly template?: string;
  /** A transaction that sends nothing for so long is taken to be stuck and rolled back: 30,000. */
  readonly transactionIdleMilliseconds?: number;
  readonly logger?: Logger;
  /** Its first element counts how often a file was synced to the disk. */
  readonly syncs?: Int32Array<SharedArrayBuffer>;
}

const open = async (folder: string | null, options: PgliteDatabaseOptions, onEnd: () => void): Promise<Database> => {
  const { transactionIdleMilliseconds = 30_000, template = null, logger = silentLogger } = options;
  const { syncs = new Int32Array(new SharedArrayBuffer(4)) } = options;
  const thread = await startPgliteThread({ folder, template, syncs, logger });
  thread.onEnd(onEnd);
  const connection = new PgliteConnection(thread);
  const pool = createConnectionPool({ size: 1, pipelined: true, create: () => connection });
  const database = createSqlDatabase({ pool, transactionIdleMilliseconds });
  const pass = createNamedGates();
  return {
    ...database,
    exclusive: async (name, work) => {
      database.assertOutsideTransaction();
      // Other processes are out anyway: the folder has one owner.
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
