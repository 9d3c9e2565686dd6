import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { eraseKind } from "../job-rows.ts";
import type { Traces } from "./conversation-erasing.ts";

const orderOf = ({ workspaceId, userId }: Traces): Sql =>
  sql`workspace_id = ${workspaceId} and kind = ${eraseKind} and subject = ${userId} and failed_at is null`;

/**
 * Orders that what a user left in a workspace is deleted; a worker takes it within its poll interval. Ordered again, it
 * begins anew: they may have come back since.
 */
export const orderErasing = (
  database: Database,
  { workspaceId, userId }: Traces,
  { id, payload }: { readonly id: string; readonly payload: unknown },
): Promise<unknown[]> =>
  database.query(sql`
    insert into job (workspace_id, id, kind, subject, payload, created_at)
    values (${workspaceId}, ${id}, ${eraseKind}, ${userId}, ${JSON.stringify(payload)}::jsonb, clock_timestamp())
    on conflict (subject, kind, workspace_id) where failed_at is null do update set payload = excluded.payload,
      created_at = excluded.created_at, due_at = case when job.worker_id is null then excluded.due_at else job.due_at end`);

/** What was ordered last, and how long ago. */
export interface OrderRow {
  readonly payload: unknown;
  readonly age_seconds: number;
}

/** Undefined: it is done. */
export const findErasing = async (database: Database, traces: Traces): Promise<OrderRow | undefined> => {
  const rows = await database.query<OrderRow>(sql`
    select payload, extract(epoch from clock_timestamp() - created_at)::float8 as age_seconds from job where ${orderOf(traces)}`);
  return rows[0];
};

/** The same, held until the transaction ends: nobody orders it again meanwhile. */
export const lockErasing = async (database: Database, traces: Traces): Promise<OrderRow | undefined> => {
  // one after the other: of two that end at the same time the later one has to find that it is the last
  await database.query(sql`select 1 from workspace where id = ${traces.workspaceId} for update`);
  await database.query(sql`select 1 from job where ${orderOf(traces)} for update`);
  return findErasing(database, traces);
};

/** Ends a locked order, and with the last one a workspace in which nobody is any more, with everything that is left in it. */
export const endErasing = async (database: Database, traces: Traces): Promise<void> => {
  const { workspaceId } = traces;
  await database.query(sql`delete from job where ${orderOf(traces)}`);
  await database.query(sql`
    delete from workspace w where w.id = ${workspaceId} and not exists (select 1 from member m where m.workspace_id = w.id)
      and not exists (select 1 from job j where j.workspace_id = w.id and j.kind = ${eraseKind} and j.failed_at is null)`);
};
