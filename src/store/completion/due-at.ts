import sql, { type Sql } from "sql-template-tag";

const secondsApart = 5;
const workspaceMilliseconds = 20;
const countedAtMost = (secondsApart * 1_000) / workspaceMilliseconds - 1;

/**
 * When a new completion is due, which is the order of claiming when there is more than workers can take: as if its user
 * sent one every 5 seconds, so that a hundred at once leave room for everybody else's, and a little later for each that
 * its workspace has open, 5 seconds at most. What is due later is claimed at once where there is nothing else.
 */
export const dueAt = (workspaceId: string, userId: string): Sql => sql`greatest(
  now(),
  (select max(due_at) + make_interval(secs => ${secondsApart}::int) from completion
    where requested_by = ${userId} and status in ('queued', 'running'))
) + (
  select count(*) * make_interval(secs => ${workspaceMilliseconds / 1_000}::float8)
  from (select 1 from completion where workspace_id = ${workspaceId} and status in ('queued', 'running') limit ${countedAtMost}::int) open
)`;
