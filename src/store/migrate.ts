import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import sql from "sql-template-tag";
import { NatterError } from "../foundation/errors.ts";
import { type Logger, silentLogger } from "../foundation/logger.ts";
import type { Database } from "../ports/database.ts";

interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly text: string;
  /** Versions that don't know it can't go on with what it makes. */
  readonly breaks: boolean;
}

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly breaks: boolean;
}

export interface MigrateOptions {
  /** Where the migrations lie; default this version's. */
  readonly folder?: URL | undefined;
  readonly logger?: Logger | undefined;
}

/** Begins a migration after which older versions must not run. */
const breakingMark = "-- breaks older versions";

const ownFolder = new URL("migrations/", import.meta.url);

const undefinedTable = "42P01";

const readMigrations = async (folder: URL): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      // A checkout on Windows may have turned the line endings.
      const text = (await readFile(new URL(name, folder), "utf8")).replaceAll("\r\n", "\n");
      const checksum = createHash("sha256").update(text).digest("hex");
      return { name, text, checksum, breaks: text.startsWith(breakingMark) };
    }),
  );
};

const readApplied = async (database: Database): Promise<AppliedMigration[]> => {
  try {
    // by way of JSON: databases of older versions have no such column
    return await database.query<AppliedMigration>(sql`
      select name, checksum, coalesce((to_jsonb(migration) ->> 'breaks')::boolean, false) as breaks
      from migration order by name`);
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) return [];
    throw error;
  }
};

/** What was applied by a newer version: its migrations only add, unless they say that they break. */
const findNewer = (migrations: readonly Migration[], applied: readonly AppliedMigration[]): readonly string[] => {
  const known = new Set(migrations.map(({ name }) => name));
  const newer = applied.filter(({ name }) => !known.has(name));
  const breaking = newer.find(({ breaks }) => breaks);
  if (breaking === undefined) return newer.map(({ name }) => name);
  throw new NatterError(
    "unavailable",
    `This database was migrated by a newer version of Natter (${breaking.name}) that this one can't go along with; start that version`,
  );
};

const findPending = (migrations: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] => {
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  for (const { name, checksum } of migrations) {
    if ((checksums.get(name) ?? checksum) !== checksum) {
      throw new NatterError(
        "unavailable",
        `Migration ${name} differs from the one that this database was made with; restore the file and add a new one`,
      );
    }
  }
  const pending = migrations.filter(({ name }) => !checksums.has(name));
  const newest = applied.at(-1)?.name ?? "";
  const [first] = pending;
  if (first === undefined || first.name > newest) return pending;
  throw new NatterError(
    "unavailable",
    `This database was migrated by another version of Natter: it has ${newest} and lacks ${first.name}; start the newest one you have used on it`,
  );
};

const apply = async (database: Database, { name, checksum, text, breaks }: Migration): Promise<void> => {
  try {
    await database.transaction(async () => {
      await database.script(text);
      await database.query(
        sql`insert into migration (name, checksum, breaks) values (${name}, ${checksum}, ${breaks})`,
      );
    });
  } catch (cause) {
    throw new NatterError("unavailable", `Migration ${name} failed and was rolled back`, { cause });
  }
};

/** What was applied to the database, the newest first. */
export const listApplied = (database: Database): Promise<{ name: string; applied_at: Date }[]> =>
  database.query(sql`select name, applied_at from migration order by name desc`);

/** Names of the migrations of this version that the database lacks. Throws as `migrate` does. */
export const listPending = async (database: Database, folder: URL = ownFolder): Promise<string[]> => {
  const migrations = await readMigrations(folder);
  const applied = await readApplied(database);
  findNewer(migrations, applied);
  return findPending(migrations, applied).map(({ name }) => name);
};

/**
 * Brings the database to the schema of this version; any number of processes may call it at once. One statement when
 * there is nothing to do. Answers the names of what it applied. A database that a newer version has migrated is served
 * with a warning, since migrations only add: old and new nodes run side by side. Throws `unavailable` when a migration
 * fails, was changed after it was applied, or when a newer one says that it breaks older versions.
 */
export const migrate = async (
  database: Database,
  { folder = ownFolder, logger = silentLogger }: MigrateOptions = {},
): Promise<string[]> => {
  const migrations = await readMigrations(folder);
  const applied = await readApplied(database);
  const newer = findNewer(migrations, applied);
  if (newer.length > 0) logger.warn({ newer }, "a newer version has migrated this database; this one goes along");
  if (findPending(migrations, applied).length === 0) return [];
  return database.exclusive("migrations", async () => {
    await database.script(`create table if not exists migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now());
      alter table migration add column if not exists breaks boolean not null default false`);
    const pending = findPending(migrations, await readApplied(database));
    for (const migration of pending) await apply(database, migration);
    return pending.map(({ name }) => name);
  });
};
