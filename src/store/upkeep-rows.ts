import sql from "sql-template-tag";
import type { Database } from "../ports/database.ts";

/** Takes a task that nobody did within so many seconds; of many who ask at once one gets true. */
export const takeUpkeep = async (database: Database, task: string, seconds: number): Promise<boolean> => {
  const rows = await database.query<{ task: string }>(sql`
    insert into upkeep as known (task, done_at) values (${task}, now())
    on conflict (task) do update set done_at = now()
      where known.done_at < now() - make_interval(secs => ${seconds}::float8)
    returning task`);
  return rows.length > 0;
};
