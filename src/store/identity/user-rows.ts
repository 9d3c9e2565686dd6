import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

export interface UserRow {
  readonly id: string;
  readonly issuer: string;
  readonly name: string | null;
  readonly email: string | null;
  readonly suspended_at: Date | null;
}

/** All users of the server, newest first; for its operator alone. */
export const listUserRows = (database: Database, most: number): Promise<UserRow[]> =>
  database.query(
    sql`select id, issuer, name, email, suspended_at from "user" order by created_at desc, id desc limit ${most}`,
  );

/** Those with this id or e-mail address. */
export const findUserRows = (database: Database, named: string): Promise<UserRow[]> =>
  database.query(sql`
    select id, issuer, name, email, suspended_at from "user"
    where id = ${named} or lower(email) = lower(${named}) order by id limit 10`);

/** An owner of a workspace. */
export const findOwnerId = async (database: Database, workspaceId: string): Promise<string | undefined> => {
  const rows = await database.query<{ user_id: string }>(sql`
    select user_id from member where workspace_id = ${workspaceId} and role = 'owner' order by created_at, user_id limit 1`);
  return rows[0]?.user_id;
};
