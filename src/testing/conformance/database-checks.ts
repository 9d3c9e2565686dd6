import { expect } from "vitest";
import type { Database } from "../../ports/database.ts";

/** What a query rejects with; the test fails when it does not. */
export const failureOf = (work: Promise<unknown>): Promise<{ code?: string; constraint_name?: string }> =>
  work.then(
    () => expect.unreachable("it should have rejected"),
    (error: unknown) => error as { code?: string },
  );

export const countRows = async (database: Database, table: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>({ text: `select count(*) as count from ${table}`, values: [] });
  return row?.count ?? -1;
};

/** The only row of a statement. */
export const one = async <Row>(
  database: Database,
  statement: { text: string; values: readonly unknown[] },
): Promise<Row> => {
  const rows = await database.query<Row>(statement);
  expect(rows).toHaveLength(1);
  return rows[0]!;
};
