import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPgliteDatabase } from "../../drivers/pglite/pglite.ts";
import { packTemplate } from "../../drivers/pglite/pglite-template.ts";
import { createPostgresDatabase } from "../../drivers/postgres/postgres.ts";
import { migrate } from "../../store/migrate.ts";
import { createTestDatabase } from "./test-database.ts";

const root = join(import.meta.dirname, "../../..");
const migrations = join(root, "src/store/migrations");

/** What the template depends on: the schema, and the PGlite whose files it holds. */
const hashSources = async (): Promise<string> => {
  const names = (await readdir(migrations)).map((name) => join(migrations, name)).toSorted();
  const hash = createHash("sha256");
  const pglite = join(root, "node_modules/@electric-sql/pglite/package.json");
  for (const file of [...names, import.meta.filename, pglite]) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest("hex").slice(0, 16);
};

/** The file of a PGlite template with every table: made once for each set of migrations. */
export const pgliteTemplate = async (): Promise<string> => {
  const file = join(root, "node_modules/.cache/natter", `migrated-${await hashSources()}.template`);
  if (existsSync(file)) return file;
  const directory = await mkdtemp(join(tmpdir(), "natter-migrated-"));
  try {
    const database = await createPgliteDatabase({ directory });
    await migrate(database);
    await database.script("vacuum freeze");
    // as after a migration: a table that was looked at when it was empty is planned for as if it stayed so
    await database.script("update pg_class set reltuples = -1 where relnamespace = 'public'::regnamespace");
    await database.script("checkpoint");
    await database.close();
    await packTemplate(directory, file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  return file;
};

/** The name of a database with every table on the server at `url`; nobody is connected to it. */
export const postgresTemplate = async (url: string): Promise<string> => {
  const template = await createTestDatabase(url);
  const database = createPostgresDatabase({ url: template });
  await migrate(database);
  await database.close();
  return new URL(template).pathname.slice(1);
};
