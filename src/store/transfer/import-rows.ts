import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { newestFirst, type Keyset } from "../admin/keyset.ts";

export interface ImportKey {
  readonly workspaceId: string;
  readonly id: string;
}

export interface ImportRow {
  readonly id: string;
  readonly user_id: string;
  readonly status: "queued" | "running" | "completed" | "failed";
  readonly error: string | null;
  readonly created_at: Date;
  /** `created_at` with the database's microseconds, for the cursor. */
  readonly cursor_at: string;
  readonly finished_at: Date | null;
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
}

export interface ImportItemRow {
  readonly position: number;
  readonly title: string | null;
  readonly outcome: "imported" | "skipped" | "failed";
  readonly conversation_id: string | null;
  readonly messages: number;
  readonly error: string | null;
  readonly left_out: readonly string[];
}

export const insertImport = (database: Database, { workspaceId, id }: ImportKey, userId: string): Promise<unknown[]> =>
  database.query(sql`insert into import_run (workspace_id, id, user_id) values (${workspaceId}, ${id}, ${userId})`);

/** How many imports of a user have not ended, in all workspaces. */
export const countOpenImports = async (database: Database, userId: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    sql`select count(*)::int as count from import_run where user_id = ${userId} and finished_at is null`,
  );
  return row?.count ?? 0;
};

/** Imports with how many conversations of each came to which end. */
const counted = (imports: Sql): Sql => sql`
  select r.id, r.user_id, r.status, r.error, r.created_at, r.created_at::text as cursor_at, r.finished_at,
    counts.imported, counts.skipped, counts.failed
  from (${imports}) r cross join lateral (
    select (count(*) filter (where i.outcome = 'imported'))::int as imported,
      (count(*) filter (where i.outcome = 'skipped'))::int as skipped,
      (count(*) filter (where i.outcome = 'failed'))::int as failed
    from import_item i where i.import_id = r.id and i.workspace_id = r.workspace_id) counts`;

export const findImport = async (
  database: Database,
  { workspaceId, id }: ImportKey,
): Promise<ImportRow | undefined> => {
  const rows = await database.query<ImportRow>(
    counted(sql`select * from import_run where workspace_id = ${workspaceId} and id = ${id}`),
  );
  return rows[0];
};

/** Of one user in a workspace, newest first. */
export const listImports = (
  database: Database,
  { workspaceId, userId }: { readonly workspaceId: string; readonly userId: string },
  page: Keyset,
): Promise<ImportRow[]> =>
  database.query(sql`
    ${counted(sql`
      select * from import_run where user_id = ${userId} and workspace_id = ${workspaceId}
      ${newestFirst(sql`created_at`, sql`id`, page)}`)}
    order by r.created_at desc, r.id desc`);

export const listImportItems = (
  database: Database,
  { workspaceId, id }: ImportKey,
  page: { readonly after: number; readonly limit: number },
): Promise<ImportItemRow[]> =>
  database.query(sql`
    select position, title, outcome, conversation_id, messages, error, left_out from import_item
    where workspace_id = ${workspaceId} and import_id = ${id} and position > ${page.after} order by position limit ${page.limit}`);

/** Positions up to which everything has its end already, after a crash. */
export const lastImportedPosition = async (database: Database, { workspaceId, id }: ImportKey): Promise<number> => {
  const [row] = await database.query<{ last: number | null }>(sql`
    select max(position) as last from import_item where workspace_id = ${workspaceId} and import_id = ${id}`);
  return row?.last ?? 0;
};

/** False: it has its end already, or is gone. */
export const beginImport = async (database: Database, { workspaceId, id }: ImportKey): Promise<boolean> => {
  const rows = await database.query(sql`
    update import_run set status = 'running'
    where workspace_id = ${workspaceId} and id = ${id} and finished_at is null returning id`);
  return rows.length > 0;
};

/** Does nothing to one that has its end already. */
export const endImport = (
  database: Database,
  { workspaceId, id }: ImportKey,
  status: "completed" | "failed",
  error: string | null = null,
): Promise<unknown[]> =>
  database.query(sql`
    update import_run set status = ${status}, error = ${error}, finished_at = now()
    where workspace_id = ${workspaceId} and id = ${id} and finished_at is null`);

/** Does nothing where the position has its end already. */
export const insertImportItem = (
  database: Database,
  { workspaceId, id }: ImportKey,
  item: ImportItemRow,
): Promise<unknown[]> =>
  database.query(sql`
    insert into import_item (workspace_id, import_id, position, title, outcome, conversation_id, messages, error, left_out)
    values (${workspaceId}, ${id}, ${item.position}, ${item.title}, ${item.outcome}, ${item.conversation_id}, ${item.messages}, ${item.error},
      ${JSON.stringify(item.left_out)}::jsonb)
    on conflict do nothing`);

/** Ends imports whose job is gone: its worker died each time, so that nobody could say so. */
export const endForsakenImports = (database: Database, kind: string): Promise<unknown[]> =>
  database.query(sql`
    update import_run r set status = 'failed', finished_at = now(),
      error = 'The server could not read this file to its end; what the report names has been taken.'
    where r.finished_at is null and r.created_at < now() - interval '1 minute' and not exists (
      select 1 from job j where j.subject = r.id and j.kind = ${kind} and j.workspace_id = r.workspace_id and j.failed_at is null)`);
