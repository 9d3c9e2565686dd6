import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { nextDue, type ClaimTerms } from "./claims.ts";

export interface BacklogRow {
  readonly queued: number;
  readonly running: number;
  readonly waiting: number;
  /** Of the completion that has been due for longest and could start; null: there is none. */
  readonly due_seconds: number | null;
  /** Since the lease that is nearest to its end ran out; negative before that; null: nothing runs. */
  readonly lease_overdue_seconds: number | null;
}

/** What all nodes together have before them: reads partial indexes of what is not at its end. */
export const readBacklogRow = async (
  database: Database,
  terms: Pick<ClaimTerms, "runningPerUser">,
): Promise<BacklogRow> => {
  const [row] = await database.query<BacklogRow>(sql`
    select
      (select count(*) from completion where status = 'queued') as queued,
      (select count(*) from completion where status = 'running') as running,
      (select count(*) from completion where status = 'waiting') as waiting,
      (select extract(epoch from now() - c.due_at)::float8 from completion c where ${nextDue(terms)} limit 1) as due_seconds,
      (select extract(epoch from now() - min(lease_until))::float8 from completion where status = 'running') as lease_overdue_seconds`);
  return row as BacklogRow;
};
