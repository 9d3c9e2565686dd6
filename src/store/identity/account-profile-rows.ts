import sql, { join } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

export interface AccountRow {
  readonly name: string;
  readonly email: string;
}

export interface SessionRow {
  readonly id: string;
  readonly user_agent: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

export const findAccountRow = async (database: Database, accountId: string): Promise<AccountRow | undefined> => {
  const rows = await database.query<AccountRow>(sql`select name, email from account_user where id = ${accountId}`);
  return rows[0];
};

/** Sessions that are open, the newest first. */
export const listSessionRows = (database: Database, accountId: string): Promise<SessionRow[]> =>
  database.query(sql`
    select id, user_agent, created_at, expires_at from account_session
    where user_id = ${accountId} and expires_at > now() order by created_at desc, id desc limit 100`);

/** False: the address is somebody else's. */
export const updateAccountRow = async (
  database: Database,
  accountId: string,
  change: Partial<AccountRow>,
): Promise<boolean> => {
  const assignments = [
    ...(change.name === undefined ? [] : [sql`name = ${change.name}`]),
    ...(change.email === undefined ? [] : [sql`email = ${change.email}`]),
    sql`updated_at = now()`,
  ];
  const rows = await database.query(sql`
    update account_user set ${join(assignments)} where id = ${accountId}
      and not exists (select 1 from account_user other where other.email = ${change.email ?? null} and other.id <> ${accountId})
    returning id`);
  return rows.length === 1;
};

/** How many there were. */
export const deleteOtherSessions = async (database: Database, accountId: string, keptId: string): Promise<number> =>
  (await database.query(sql`delete from account_session where user_id = ${accountId} and id <> ${keptId} returning id`))
    .length;
