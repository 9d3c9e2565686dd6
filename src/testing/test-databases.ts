import { inject } from "vitest";
import { createPgliteDatabase } from "../drivers/pglite.ts";
import { createPostgresDatabase } from "../drivers/postgres.ts";
import type { Database } from "../ports/database.ts";
import { migrate } from "../store/migrate.ts";
import { createTestDatabase } from "./test-database.ts";

export interface TestDatabase {
  readonly name: "PGlite" | "PostgreSQL";
  /** A migrated database that no other test sees; the caller closes it. */
  open(): Promise<Database>;
}

const migrated = async (database: Database): Promise<Database> => {
  await migrate(database);
  return database;
};

const postgresUrl = inject("postgresUrl");

const pglite: TestDatabase = {
  name: "PGlite",
  open: async () => migrated(await createPgliteDatabase({ directory: null })),
};

const postgresql: TestDatabase = {
  name: "PostgreSQL",
  open: async () => migrated(createPostgresDatabase({ url: await createTestDatabase(postgresUrl ?? "") })),
};

/**
 * The databases that a suite runs on; PostgreSQL only where its server is installed.
 *
 * @example describe.each(testDatabases)("send on $name", ({ open }) => { … });
 */
export const testDatabases: readonly TestDatabase[] = postgresUrl ? [pglite, postgresql] : [pglite];
