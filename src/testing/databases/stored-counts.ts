import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

/** How many rows of each kind an accepted message would add to. */
export const countStored = async (
  database: Database,
): Promise<{ conversations: number; messages: number; completions: number } | undefined> => {
  const [counts] = await database.query<{ conversations: number; messages: number; completions: number }>(sql`
    select (select count(*) from conversation) as conversations, (select count(*) from message) as messages,
      (select count(*) from completion) as completions`);
  return counts;
};
