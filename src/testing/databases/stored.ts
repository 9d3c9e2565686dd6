import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** How much is stored: two equal answers mean that nothing was between them. */
export const countStored = async (database: Database): Promise<Readonly<Record<string, number>>> => {
  const [row] = await database.query<Record<string, number>>(sql`
    select (select count(*) from conversation) as conversations, (select count(*) from message) as messages,
      (select count(*) from completion) as completions, (select count(*) from idempotency) as keys,
      (select coalesce(sum(next_sequence), 0) from conversation) as numbers,
      (select coalesce(sum(version), 0) from conversation) as versions,
      (select count(*) from completion where cancel_requested_at is not null) as cancels`);
  if (row === undefined) throw new Error("counting answered no row");
  return row;
};
