import type { Database } from "../ports/database.ts";
import { createPgliteConnection } from "./pglite-connection.ts";
import { startPgliteThread } from "./pglite-thread.ts";
import { createSqlDatabase } from "./sql-database.ts";
import { createConnectionPool } from "./sql-pool.ts";

export interface PgliteDatabaseOptions {
  readonly directory: string | null;
  readonly transactionIdleMilliseconds?: number;
}

export const createPgliteDatabase = async ({
  directory,
  transactionIdleMilliseconds = 30_000,
}: PgliteDatabaseOptions): Promise<Database> => {
  const thread = await startPgliteThread({ folder: directory, syncs: new Int32Array(new SharedArrayBuffer(4)) });
  const connection = createPgliteConnection(thread);
  const pool = createConnectionPool({ size: 1, pipelined: true, create: () => connection });
  const database = createSqlDatabase({ pool, transactionIdleMilliseconds });
  const gates = new Map<string, Promise<unknown>>();
  return {
    ...database,
    exclusive: async (name, work) => {
      database.lender();
      const before = gates.get(name) ?? Promise.resolve();
      const mine = before.then(work, work);
      gates.set(
        name,
        mine.catch(() => {}),
      );
      return mine;
    },
  };
};
