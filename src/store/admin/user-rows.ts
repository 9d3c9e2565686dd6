import sql, { empty } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Role } from "../../protocol/people/principal.ts";
import { usageTotals, type UsageTotalsRow } from "../money/usage-rows.ts";
import { equal, newestFirst, type Keyset } from "./keyset.ts";

export interface AdminUserRow extends UsageTotalsRow {
  readonly id: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly role: Role;
  readonly is_suspended: boolean;
  /** In this workspace. */
  readonly suspended_at: Date | null;
  readonly conversations: number;
  readonly completions: number;
  readonly api_keys: number;
  readonly last_active_at: Date | null;
  readonly created_at: Date;
  readonly cursor_at: string;
}

export interface UserFilter {
  readonly workspaceId: string;
  readonly id?: string | undefined;
  readonly role?: Role | undefined;
  readonly isSuspended?: boolean | undefined;
  /** Part of a name or an e-mail address. */
  readonly text?: string | undefined;
}

const asPattern = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** Members of the workspace with what they have and have spent there, the newest first. */
export const listAdminUserRows = (
  database: Database,
  { workspaceId, id, role, isSuspended, text }: UserFilter,
  page: Keyset,
): Promise<AdminUserRow[]> =>
  database.query(sql`
    with who as (
      select u.id, u.name, u.email, m.role, (m.suspended_at is not null or u.suspended_at is not null) as is_suspended, m.suspended_at,
        m.created_at, m.created_at::text as cursor_at
      from member m join "user" u on u.id = m.user_id
      where m.workspace_id = ${workspaceId} ${equal(sql`u.id`, id)} ${equal(sql`m.role`, role)}
        ${isSuspended === undefined ? empty : sql`and (m.suspended_at is not null or u.suspended_at is not null) = ${isSuspended}::boolean`}
        ${text === undefined ? empty : sql`and (u.name ilike ${asPattern(text)} or u.email ilike ${asPattern(text)})`}
        ${newestFirst(sql`m.created_at`, sql`u.id`, page)}),
    asked as (
      select requested_by, count(*) as completions from completion
      where workspace_id = ${workspaceId} and requested_by in (select id from who) group by requested_by)
    select who.*, spent.*, coalesce(asked.completions, 0) as completions,
      (select count(*) from conversation c where c.workspace_id = ${workspaceId} and c.owner_id = who.id and c.deleted_at is null and not c.temporary) as conversations,
      (select count(*) from api_key k where k.workspace_id = ${workspaceId} and k.user_id = who.id and k.kind <> 'browser' and k.revoked_at is null) as api_keys
    from who left join asked on asked.requested_by = who.id,
      lateral (select ${usageTotals}, max(created_at) as last_active_at
        from usage where usage.workspace_id = ${workspaceId} and usage.user_id = who.id) spent
    order by who.created_at desc, who.id desc`);

/** What these users are called, by id. */
export const findUserNames = async (
  database: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string | null>> => {
  const rows = await database.query<{ id: string; name: string | null }>(
    sql`select id, name from "user" where id = any(${ids})`,
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
};
