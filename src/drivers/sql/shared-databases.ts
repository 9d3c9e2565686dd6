import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";

interface SharedDatabase {
  readonly database: Promise<Database>;
  users: number;
  closing: Promise<void> | null;
}

declare global {
  var natterDatabases: Map<string, SharedDatabase> | undefined;
}

// A dev server that reloads its modules keeps globalThis: the new modules find the database that the old ones opened.
const databases: Map<string, SharedDatabase> = (globalThis.natterDatabases ??= new Map());

/** A database whose `close` gives it back instead; what is asked of it afterwards rejects with `unavailable`. */
export const lendDatabase = (database: Database, giveBack: () => Promise<void>): Database => {
  let returned: Promise<void> | null = null;
  const whileLent = <Result>(ask: () => Promise<Result>): Promise<Result> =>
    returned ? Promise.reject(new NatterError("unavailable", "The database is closed")) : ask();
  return {
    query: (statement) => whileLent(() => database.query(statement)),
    transaction: (work) => whileLent(() => database.transaction(work)),
    script: (text) => whileLent(() => database.script(text)),
    exclusive: (name, work) => whileLent(() => database.exclusive(name, work)),
    close: () => (returned ??= giveBack()),
  };
};

/**
 * The database of that name in this process: opened by the first who asks, closed by the last who closes it.
 * `open` gets a function to call when the database has ended by itself: the next one to ask opens another.
 */
export const shareDatabase = async (
  name: string,
  open: (forget: () => void) => Promise<Database>,
): Promise<Database> => {
  while (databases.get(name)?.closing) await Promise.allSettled([databases.get(name)?.closing]);
  const forget = (): void => {
    if (databases.get(name) === entry) databases.delete(name);
  };
  const entry = databases.get(name) ?? { database: open(() => forget()), users: 0, closing: null };
  databases.set(name, entry);
  entry.users += 1;
  entry.database.catch(forget);
  const database = await entry.database;
  return lendDatabase(database, async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    entry.closing = database.close().finally(forget);
    await entry.closing;
  });
};
