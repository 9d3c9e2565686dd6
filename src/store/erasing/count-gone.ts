import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** Deletes or changes rows. @returns how many */
export const countGone = async (database: Database, change: Sql): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    sql`with gone as (${change} returning 1) select count(*)::int as count from gone`,
  );
  return row?.count ?? 0;
};

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
