import type { ResolvedConfig } from "../config/load-config.ts";
import { createPgliteDatabase } from "../drivers/pglite/pglite.ts";
import { createPostgresDatabase } from "../drivers/postgres/postgres.ts";
import type { Database } from "../ports/database.ts";

/** Opens the database that a server with this configuration would have. */
export const openDatabase = async ({ stores }: ResolvedConfig): Promise<Database> =>
  stores.databaseUrl === undefined
    ? createPgliteDatabase({ directory: stores.dataDirectory })
    : createPostgresDatabase({ url: stores.databaseUrl });
