import sql from "sql-template-tag";
import type { Database } from "../ports/database.ts";
import { until } from "./spine.ts";
import type { TestDatabase } from "./databases/test-databases.ts";

const countBlocked = async (database: Database): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    sql`select count(*) as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
};

/**
 * Begins works one after another while the conversation's row is locked, the next when the one before waits for a lock
 * or has ended; then lets go of the row and waits for all. PGlite has one connection: there they queue up behind it.
 */
export const whileLocked = async (
  { name, database }: { readonly name: TestDatabase["name"]; readonly database: Database },
  conversationId: string,
  works: readonly (() => Promise<unknown>)[],
): Promise<void> => {
  const locked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const holding = database.transaction(async () => {
    await database.query(sql`select 1 from conversation where id = ${conversationId} for update`);
    locked.resolve();
    await release.promise;
  });
  await locked.promise;
  const begun: Promise<unknown>[] = [];
  let ended = 0;
  const countEnded = (): void => {
    ended += 1;
  };
  for (const work of works) {
    const working = work();
    working.then(countEnded, countEnded);
    begun.push(working);
    if (name === "PostgreSQL") await until(async () => (await countBlocked(database)) + ended >= begun.length);
  }
  release.resolve();
  await Promise.all([holding, ...begun]);
};
