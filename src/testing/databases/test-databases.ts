import sql from "sql-template-tag";
import { inject } from "vitest";
import { createPgliteDatabase } from "../../drivers/pglite/pglite.ts";
import { createPostgresDatabase } from "../../drivers/postgres/postgres.ts";
import { lendDatabase } from "../../drivers/sql/shared-databases.ts";
import type { Database } from "../../ports/database.ts";
import { createTestDatabase } from "./test-database.ts";

export interface TestDatabase {
  readonly name: "PGlite" | "PostgreSQL";
  /** A migrated database without rows that no other test sees; the caller closes it. */
  readonly open: () => Promise<Database>;
  /** The same, and nothing was ever stored in it: PostgreSQL remembers the size of what was emptied. */
  readonly openNew: () => Promise<Database>;
  /** The same without any table. */
  readonly openEmpty: () => Promise<Database>;
}

const postgresUrl = inject("postgresUrl");

const truncate = async (database: Database): Promise<void> => {
  const tables = await database.query<{ name: string }>(
    sql`select quote_ident(tablename) as name from pg_tables where schemaname = 'public' and tablename <> 'migration'`,
  );
  // the audit log refuses it otherwise
  await database.script(`
    alter table audit disable trigger user;
    truncate ${tables.map(({ name }) => name).join(", ")} cascade;
    alter table audit enable trigger user`);
};

/** Changes with every table, trigger and function that a test makes, and with every one that it takes away. */
const shapeOf = async (database: Database): Promise<unknown> => {
  const [shape] = await database.query(sql`
    select (select json_agg(oid order by oid) from pg_class where relnamespace = 'public'::regnamespace)::text as relations,
      (select json_agg(oid order by oid) from pg_proc where pronamespace = 'public'::regnamespace)::text as functions,
      (select json_agg(oid order by oid) from pg_trigger where not tgisinternal)::text as triggers`);
  return JSON.stringify(shape);
};

/** Keeps closed databases of this process for the next `open`, unless they have another shape now: emptying one takes a tenth of making it. */
const reuse = (make: () => Promise<Database>): (() => Promise<Database>) => {
  const free: Database[] = [];
  const lend = async (database: Database, shape: unknown): Promise<Database> =>
    lendDatabase(database, async () => {
      if ((await shapeOf(database)) !== shape) return database.close();
      await truncate(database);
      free.push(database);
    });
  return async () => {
    const database = free.pop() ?? (await make());
    return lend(database, await shapeOf(database));
  };
};

const openPostgres = async (template?: string): Promise<Database> =>
  createPostgresDatabase({ url: await createTestDatabase(postgresUrl ?? "", template) });

/** A migrated PGlite in memory; what a test does to it stays with it. */
export const openMigratedPglite = (): Promise<Database> =>
  createPgliteDatabase({ directory: null, template: inject("pgliteTemplate") });

const pglite: TestDatabase = {
  name: "PGlite",
  open: reuse(openMigratedPglite),
  openNew: openMigratedPglite,
  openEmpty: () => createPgliteDatabase({ directory: null }),
};

const openMigratedPostgres = (): Promise<Database> => openPostgres(inject("postgresTemplate") ?? undefined);

const postgresql: TestDatabase = {
  name: "PostgreSQL",
  open: reuse(openMigratedPostgres),
  openNew: openMigratedPostgres,
  openEmpty: () => openPostgres(),
};

/**
 * The databases that a suite runs on: PGlite in memory, and PostgreSQL where its server is installed.
 *
 * @example
 * describe.each(testDatabases)("send on $name", ({ open }) => {
 *   test("…", async () => { const database = await open(); … await database.close(); });
 * });
 */
export const testDatabases: readonly TestDatabase[] = postgresUrl ? [pglite, postgresql] : [pglite];
