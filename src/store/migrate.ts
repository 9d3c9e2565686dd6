import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import sql from "sql-template-tag";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";

interface Migration {
  readonly name: string;
  readonly checksum: string;
  readonly text: string;
}

interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
}

const ownFolder = new URL("migrations/", import.meta.url);

const undefinedTable = "42P01";

const readMigrations = async (folder: URL): Promise<Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      // A checkout on Windows may have turned the line endings.
      const text = (await readFile(new URL(name, folder), "utf8")).replaceAll("\r\n", "\n");
      return { name, text, checksum: createHash("sha256").update(text).digest("hex") };
    }),
  );
};

const readApplied = async (database: Database): Promise<AppliedMigration[]> => {
  try {
    return await database.query<AppliedMigration>(sql`select name, checksum from migration order by name`);
  } catch (error) {
    if ((error as { code?: unknown }).code === undefinedTable) return [];
    throw error;
  }
};

const findPending = (migrations: readonly Migration[], applied: readonly AppliedMigration[]): readonly Migration[] => {
  for (const [index, { name, checksum }] of applied.entries()) {
    const known = migrations[index];
    if (known?.name !== name) {
      throw new NatterError(
        "unavailable",
        `This database was migrated by another version of Natter (${name}); start the newest one you have used on it`,
      );
    }
    if (known.checksum !== checksum) {
      throw new NatterError(
        "unavailable",
        `Migration ${name} differs from the one that this database was made with; restore the file and add a new one`,
      );
    }
  }
  return migrations.slice(applied.length);
};

const apply = async (database: Database, { name, checksum, text }: Migration): Promise<void> => {
  try {
    await database.transaction(async () => {
      await database.script(text);
      await database.query(sql`insert into migration (name, checksum) values (${name}, ${checksum})`);
    });
  } catch (cause) {
    throw new NatterError("unavailable", `Migration ${name} failed and was rolled back`, { cause });
  }
};

/** Names of the migrations of this version that the database lacks. Throws as `migrate` does. */
export const listPending = async (database: Database, folder: URL = ownFolder): Promise<string[]> =>
  findPending(await readMigrations(folder), await readApplied(database)).map(({ name }) => name);

/**
 * Brings the database to the schema of this version; any number of processes may call it at once. One statement when
 * there is nothing to do. Answers the names of what it applied. Throws `unavailable` when a migration fails, was changed
 * after it was applied, or is newer.
 */
export const migrate = async (database: Database, folder: URL = ownFolder): Promise<string[]> => {
  const migrations = await readMigrations(folder);
  if (findPending(migrations, await readApplied(database)).length === 0) return [];
  return database.exclusive("migrations", async () => {
    await database.script(`create table if not exists migration (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`);
    const pending = findPending(migrations, await readApplied(database));
    for (const migration of pending) await apply(database, migration);
    return pending.map(({ name }) => name);
  });
};
