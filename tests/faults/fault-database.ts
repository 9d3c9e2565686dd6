import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPgliteDatabase } from "../../src/drivers/pglite/pglite.ts";
import { createPostgresDatabase } from "../../src/drivers/postgres/postgres.ts";
import { loadTemplate, unpackTemplate } from "../../src/drivers/pglite/pglite-template.ts";
import type { Database } from "../../src/ports/database.ts";
import { pgliteTemplate } from "../../src/testing/databases/migrated-templates.ts";
import { createTestDatabase } from "../../src/testing/databases/test-database.ts";

/** A durable database of our own, and a folder for what else is written. */
export interface FaultDatabase {
  readonly folder: string;
  /** What a server needs to use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Looks at the rows; on PGlite only while no server runs. */
  look<Result>(work: (database: Database) => Promise<Result>): Promise<Result>;
  remove(): Promise<void>;
}

/** What a first start would make: many servers that begin at once take a long time for it. */
const prepareFolder = async (directory: string): Promise<void> => {
  await mkdir(directory);
  await unpackTemplate(await loadTemplate(await pgliteTemplate()), join(directory, "database"));
};

/** A new database on a PostgreSQL server; null: on PGlite, in a new folder. */
export const createFaultDatabase = async (postgresUrl: string | null): Promise<FaultDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-faults-"));
  const directory = join(folder, "data");
  const url = postgresUrl === null ? null : await createTestDatabase(postgresUrl);
  if (url === null) await prepareFolder(directory);
  const open = (): Promise<Database> | Database =>
    url === null ? createPgliteDatabase({ directory }) : createPostgresDatabase({ url });
  return {
    folder,
    environment: {
      NATTER_DATA_DIR: directory,
      ...(url === null ? {} : { DATABASE_URL: url, NATTER_LEASE_SECONDS: "2" }),
    },
    async look(work) {
      const database = await open();
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
