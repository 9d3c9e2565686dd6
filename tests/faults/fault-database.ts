import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPgliteDatabase } from "../../src/drivers/pglite.ts";
import { createPostgresDatabase } from "../../src/drivers/postgres.ts";
import type { Database } from "../../src/ports/database.ts";
import { startPostgres } from "../../src/testing/postgres-server.ts";

export type DatabaseName = "pglite" | "postgres";

/** A durable database of our own, and a folder for what else is written. */
export interface FaultDatabase {
  readonly folder: string;
  /** What a server needs to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Looks at the rows; on PGlite only while no server runs. */
  look<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  stop(): Promise<void>;
}

export const startFaultDatabase = async (name: DatabaseName): Promise<FaultDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-faults-"));
  const postgres = name === "postgres" ? await startPostgres({ fsync: true }) : null;
  const open = (): Promise<Database> | Database =>
    postgres === null
      ? createPgliteDatabase({ directory: join(folder, "database") })
      : createPostgresDatabase({ url: postgres.url });
  return {
    folder,
    environment: {
      NATTER_DATA_DIR: folder,
      ...(postgres === null ? {} : { DATABASE_URL: postgres.url, NATTER_LEASE_SECONDS: "2" }),
    },
    async look(work) {
      const database = await open();
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    },
    async stop() {
      await postgres?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
