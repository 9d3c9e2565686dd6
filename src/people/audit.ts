import type { Database } from "../ports/database.ts";
import type { AuditEntry } from "../protocol/admin/audit.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { listAuditRows, type AuditCursor, type AuditFilter, type AuditRow } from "../store/identity/audit-rows.ts";

export const toAuditEntry = (row: AuditRow): AuditEntry => ({
  id: row.id,
  at: row.at.toISOString(),
  actorId: row.actor_id,
  keyId: row.key_id,
  subjectId: row.subject_id,
  action: row.action,
  target: row.target,
  details: row.details,
  ip: row.ip,
  requestId: row.request_id,
});

export interface AuditQuery extends Omit<AuditFilter, "workspaceId"> {
  readonly cursor: AuditCursor | undefined;
  readonly limit: number;
}

export interface AuditPage {
  readonly data: AuditEntry[];
  readonly nextCursor: AuditCursor | null;
}

/** The audit log of the principal's workspace, newest first. */
export const readAudit = async (
  database: Database,
  { workspaceId }: Principal,
  { cursor, limit, ...filter }: AuditQuery,
): Promise<AuditPage> => {
  const rows = await listAuditRows(database, { ...filter, workspaceId }, { after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(toAuditEntry),
    nextCursor: rows.length > limit && last !== undefined ? { at: last.cursor_at, id: last.id } : null,
  };
};
