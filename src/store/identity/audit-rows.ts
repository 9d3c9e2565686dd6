import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

export interface NewAuditEntry {
  readonly id: string;
  readonly workspaceId: string | null;
  readonly actorId: string | null;
  readonly keyId: string | null;
  readonly subjectId: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly ip: string | null;
  readonly requestId: string | null;
}

export interface AuditRow {
  readonly id: string;
  /** As they are called now; null: nobody is there, or has no name. */
  readonly actor_name: string | null;
  readonly subject_name: string | null;
  readonly workspace_id: string | null;
  readonly at: Date;
  /** With the database's microseconds, which a Date would lose. */
  readonly cursor_at: string;
  readonly actor_id: string | null;
  readonly key_id: string | null;
  readonly subject_id: string | null;
  readonly action: string;
  readonly target: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly ip: string | null;
  readonly request_id: string | null;
}

/** Belongs into the transaction of what it tells. */
export const insertAuditEntry = (database: Database, entry: NewAuditEntry): Promise<unknown[]> =>
  database.query(sql`
    insert into audit (id, workspace_id, actor_id, key_id, subject_id, action, target, details, ip, request_id)
    values (${entry.id}, ${entry.workspaceId}, ${entry.actorId}, ${entry.keyId}, ${entry.subjectId}, ${entry.action},
      ${entry.target}, ${JSON.stringify(entry.details)}::jsonb, ${entry.ip}, ${entry.requestId})`);

export interface AuditFilter {
  readonly workspaceId: string;
  readonly id?: string | undefined;
  readonly actorId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Where a listing goes on: the last row seen. */
export interface AuditCursor {
  readonly at: string;
  readonly id: string;
}

const equal = (column: Sql, value: string | undefined): Sql =>
  value === undefined ? empty : sql`and ${column} = ${value}`;

/** Newest first. */
export const listAuditRows = (
  database: Database,
  filter: AuditFilter,
  page: { readonly after: AuditCursor | undefined; readonly limit: number },
): Promise<AuditRow[]> =>
  database.query(sql`
    select id, workspace_id, at, at::text as cursor_at, actor_id, key_id, subject_id, action, target, details, ip, request_id,
      (select name from "user" where "user".id = actor_id) as actor_name, (select name from "user" where "user".id = subject_id) as subject_name
    from audit where workspace_id = ${filter.workspaceId}
      ${equal(sql`id`, filter.id)} ${equal(sql`actor_id`, filter.actorId)} ${equal(sql`subject_id`, filter.subjectId)}
      ${equal(sql`action`, filter.action)} ${equal(sql`target`, filter.target)}
      ${filter.from === undefined ? empty : sql`and at >= ${filter.from}`}
      ${filter.to === undefined ? empty : sql`and at < ${filter.to}`}
      ${page.after === undefined ? empty : sql`and (at, id) < (${page.after.at}::text::timestamptz, ${page.after.id})`}
    order by at desc, id desc limit ${page.limit}`);
