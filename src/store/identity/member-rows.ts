import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Role } from "../../protocol/people/principal.ts";

export interface MemberRow {
  readonly user_id: string;
  readonly role: Role;
  readonly name: string | null;
  readonly email: string | null;
  readonly suspended_at: Date | null;
  /** Suspended everywhere, by the operator. */
  readonly banned_at: Date | null;
  readonly created_at: Date;
}

const columns = sql`m.user_id, m.role, u.name, u.email, m.suspended_at, u.suspended_at as banned_at, m.created_at`;

/** Where a listing goes on: the last member seen. */
export interface MemberCursor {
  readonly userId: string;
}

/** By user id. */
export const listMemberRows = (
  database: Database,
  workspaceId: string,
  page: { readonly after: MemberCursor | undefined; readonly limit: number },
): Promise<MemberRow[]> =>
  database.query(sql`
    select ${columns} from member m join "user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.user_id > ${page.after?.userId ?? ""}
    order by m.user_id limit ${page.limit}`);

export const findMemberRow = async (
  database: Database,
  workspaceId: string,
  userId: string,
): Promise<MemberRow | undefined> => {
  const rows = await database.query<MemberRow>(sql`
    select ${columns} from member m join "user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.user_id = ${userId}`);
  return rows[0];
};

/** A member by Natter's id, or else by what an issuer calls them; undefined also when two issuers use that name. */
export const findNamedMember = async (
  database: Database,
  workspaceId: string,
  named: string,
): Promise<MemberRow | undefined> => {
  const known = await findMemberRow(database, workspaceId, named);
  if (known !== undefined) return known;
  const rows = await database.query<MemberRow>(sql`
    select ${columns} from "user" u join member m on m.user_id = u.id
    where m.workspace_id = ${workspaceId} and u.subject = ${named} limit 2`);
  return rows.length === 1 ? rows[0] : undefined;
};

/** Owners that are not suspended, besides this user. */
export const countOtherOwners = async (database: Database, workspaceId: string, userId: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>(sql`
    select count(*) as count from member m join "user" u on u.id = m.user_id
    where m.workspace_id = ${workspaceId} and m.role = 'owner' and m.user_id <> ${userId}
      and m.suspended_at is null and u.suspended_at is null`);
  return row?.count ?? 0;
};

export const updateMember = (
  database: Database,
  member: { readonly workspaceId: string; readonly userId: string },
  { role, isSuspended }: { readonly role: Role; readonly isSuspended: boolean },
): Promise<unknown[]> =>
  database.query(sql`
    update member set role = ${role}, suspended_at = ${isSuspended ? sql`coalesce(suspended_at, now())` : sql`null`}
    where workspace_id = ${member.workspaceId} and user_id = ${member.userId}`);

export const deleteMember = (database: Database, workspaceId: string, userId: string): Promise<unknown[]> =>
  database.query(sql`delete from member where workspace_id = ${workspaceId} and user_id = ${userId}`);

/** False: the user is a member already. */
export const insertMember = async (
  database: Database,
  member: { readonly workspaceId: string; readonly userId: string; readonly role: Role },
): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into member (workspace_id, user_id, role) values (${member.workspaceId}, ${member.userId}, ${member.role})
    on conflict (workspace_id, user_id) do nothing returning user_id`);
  return rows.length === 1;
};
