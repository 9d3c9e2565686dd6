import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** Rows that the work read, by scan and by index, counted by the server within one transaction. */
export const countRowsRead = async (database: Database, work: () => Promise<unknown>): Promise<number> => {
  const count = async (): Promise<number> => {
    const [row] = await database.query<{ rows: number }>(
      sql`select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int8 as rows from pg_stat_xact_user_tables`,
    );
    return row?.rows ?? 0;
  };
  return database.transaction(async () => {
    const before = await count();
    await work();
    return (await count()) - before;
  });
};
