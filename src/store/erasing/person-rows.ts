import sql, { empty, join } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Role } from "../../protocol/people/principal.ts";
import { deletingKeys } from "./leftover-rows.ts";

/** Who somebody is that is to be erased. */
export interface ErasableRow {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | null;
}

/** Holds the row until the transaction ends. Undefined: there is no such user, or none any more. */
export const lockPerson = async (database: Database, userId: string): Promise<ErasableRow | undefined> => {
  const rows = await database.query<ErasableRow>(sql`
    select id, issuer, subject, email from "user" where id = ${userId} and erased_at is null for update`);
  return rows[0];
};

/** Where it is seen that somebody is, or has left something, in a workspace. */
const marks: readonly (readonly [table: string, column: string])[] = [
  ["member", "user_id"],
  ["conversation", "owner_id"],
  ["conversation", "title_by"],
  ["conversation", "instructions_by"],
  ["message", "author_id"],
  ["completion", "requested_by"],
  ["completion", "instructions_by"],
  ["approval", "decided_by"],
  ["background_execution", "user_id"],
  ["artifact_version", "author_id"],
  ["attachment", "owner_id"],
  ["import_run", "user_id"],
  ["vote", "user_id"],
  ["share", "created_by"],
  ["share", "title_by"],
  ["tool_data", "user_id"],
  ["cached_answer", "user_id"],
  ["conversation_seen", "user_id"],
  ["invitation", "created_by"],
  ["invitation", "used_by"],
  ["webhook", "created_by"],
  ["webhook_event", "user_id"],
  ["api_key", "user_id"],
];

/** Whether a user is, or has left something, in a workspace. */
export const isKnownIn = async (database: Database, workspaceId: string, userId: string): Promise<boolean> => {
  const found = marks.map(
    ([table, column]) =>
      sql`exists (select 1 from ${sql([table])} t where t.workspace_id = ${workspaceId} and t.${sql([column])} = u.id)`,
  );
  const rows = await database.query(sql`
    select 1 from "user" u where u.id = ${userId} and u.erased_at is null and (${join(found, " or ")})`);
  return rows.length === 1;
};

/** A workspace that somebody is in, and who else is. */
export interface LeftWorkspaceRow {
  readonly workspace_id: string;
  readonly role: Role;
  readonly others: number;
  /** Owners that are not suspended. */
  readonly other_owners: number;
}

/** Workspaces that a user is in, or one of them; locked, so that nobody else leaves meanwhile. */
export const lockWorkspacesOf = async (
  database: Database,
  userId: string,
  workspaceId?: string,
): Promise<LeftWorkspaceRow[]> => {
  const here = workspaceId === undefined ? empty : sql`and m.workspace_id = ${workspaceId}`;
  await database.query(sql`
    select w.id from workspace w join member m on m.workspace_id = w.id where m.user_id = ${userId} ${here}
    order by w.id for no key update of w`);
  return database.query(sql`
    select m.workspace_id, m.role,
      (select count(*) from member o where o.workspace_id = m.workspace_id and o.user_id <> m.user_id)::int as others,
      (select count(*) from member o join "user" u on u.id = o.user_id where o.workspace_id = m.workspace_id and o.user_id <> m.user_id
        and o.role = 'owner' and o.suspended_at is null and u.suspended_at is null)::int as other_owners
    from member m where m.user_id = ${userId} ${here} order by m.workspace_id`);
};

/** Makes a member who is not suspended an owner. False: there is no such member. */
export const promote = async (database: Database, workspaceId: string, userId: string): Promise<boolean> => {
  const rows = await database.query(sql`
    update member set role = 'owner' from "user" u where u.id = member.user_id and member.workspace_id = ${workspaceId}
      and member.user_id = ${userId} and member.suspended_at is null and u.suspended_at is null returning 1`);
  return rows.length === 1;
};

/** Workspaces in which a user is, or has left something. */
export const listWorkspacesOf = async (database: Database, userId: string): Promise<string[]> => {
  const found = marks.map(
    ([table, column]) => sql`select workspace_id as id from ${sql([table])} where ${sql([column])} = ${userId}`,
  );
  const rows = await database.query<{ id: string }>(join(found, " union "));
  return rows.map(({ id }) => id).toSorted();
};

/** Takes a user out of a workspace, with the keys by which they could come back. */
export const endMembership = async (database: Database, workspaceId: string, userId: string): Promise<void> => {
  await database.query(deletingKeys({ workspaceId, userId }));
  await database.query(sql`delete from member where workspace_id = ${workspaceId} and user_id = ${userId}`);
};

export const countMemberships = async (database: Database, userId: string): Promise<number> => {
  const [row] = await database.query<{ count: number }>(
    sql`select count(*)::int as count from member where user_id = ${userId}`,
  );
  return row?.count ?? 0;
};

/** What stands where a name stood. */
const erasedName = "Erased user";

/** Forgets who a user is; whoever vouched for them does not find this user again. */
export const erasePerson = (database: Database, { id }: Pick<ErasableRow, "id">): Promise<unknown[]> =>
  database.query(sql`
    update "user" set issuer = 'erased', subject = id, name = ${erasedName}, email = null, erased_at = now(),
      suspended_at = coalesce(suspended_at, now()) where id = ${id}`);

/** Deletes the built-in account of somebody who has one, with its sessions; others may be called by the same subject. */
export const eraseAccount = async (database: Database, { subject, email }: ErasableRow): Promise<void> => {
  await database.query(sql`
    delete from account_verification where identifier = ${email} or identifier in (select email from account_user where id = ${subject})
      or value = ${subject}`);
  await database.query(sql`delete from account_user where id = ${subject}`);
};
