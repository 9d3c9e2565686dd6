import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Traces } from "./conversation-erasing.ts";
import { countGone, sum } from "./count-gone.ts";

const tables: readonly (readonly [table: string, column: string])[] = [
  ["vote", "user_id"],
  ["conversation_seen", "user_id"],
  ["tool_data", "user_id"],
  ["cached_answer", "user_id"],
  ["webhook_event", "user_id"],
  ["share", "created_by"],
  ["invitation", "created_by"],
  ["invitation", "used_by"],
];

/** Keys by which a user, or what acts for them, could come back; to be run. */
export const deletingKeys = ({ workspaceId, userId }: Traces): Sql => sql`
  delete from api_key where workspace_id = ${workspaceId} and (user_id = ${userId}
    or made_by in (select id from api_key where workspace_id = ${workspaceId} and user_id = ${userId}))`;

/** What else a user left in a workspace besides conversations and files. Answers how much it was. */
export const deleteLeftovers = async (database: Database, { workspaceId, userId }: Traces): Promise<number> => {
  const here = sql`workspace_id = ${workspaceId}`;
  const changes = [
    ...tables.map(([table, column]) => sql`delete from ${sql([table])} where ${here} and ${sql([column])} = ${userId}`),
    sql`delete from budget where ${here} and scope = 'user' and subject = ${userId}`,
    deletingKeys({ workspaceId, userId }),
    sql`delete from idempotency where scope = ${`${workspaceId} ${userId}`}`,
    sql`update approval set reason = null where ${here} and decided_by = ${userId} and reason is not null`,
    sql`update webhook set description = null, created_by = null where ${here} and created_by = ${userId}`,
  ];
  const counts: number[] = [];
  for (const change of changes) counts.push(await countGone(database, change));
  return sum(counts);
};

/** What receivers answered may hold what they were told. */
export const forgetAnswers = (
  database: Database,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<unknown[]> =>
  database.query(sql`
    update webhook_delivery d set answer_text = null from webhook_event e
    where d.workspace_id = ${workspaceId} and e.workspace_id = d.workspace_id and e.id = d.event_id
      and e.conversation_id = any(${conversationIds}) and d.answer_text is not null`);

/** Some files of a user. */
export const listFilesOf = async (
  database: Database,
  { workspaceId, userId }: Traces,
  limit: number,
): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(sql`
    select id from attachment where workspace_id = ${workspaceId} and owner_id = ${userId}
    union all select id from import_run where workspace_id = ${workspaceId} and user_id = ${userId} limit ${limit}`);
  return rows.map(({ id }) => id);
};

/** Forgets files whose bytes are gone. */
export const deleteFileRows = async (
  database: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<void> => {
  await database.query(sql`delete from attachment where workspace_id = ${workspaceId} and id = any(${ids})`);
  await database.query(sql`delete from import_run where workspace_id = ${workspaceId} and id = any(${ids})`);
};

/**
 * Takes out of the audit log where a user came from and what they called things, and what others called things in their
 * name; in one workspace, or in all. Inside a transaction.
 */
export const blankAudit = async (database: Database, userId: string, workspaceId?: string): Promise<void> => {
  const here = workspaceId === undefined ? empty : sql`and workspace_id = ${workspaceId}`;
  await database.query(sql`select set_config('natter.erasing', ${userId}, true)`);
  await database.query(sql`
    update audit set ip = null, request_id = null, details = details - 'name' where actor_id = ${userId} ${here}
      and (ip is not null or request_id is not null or details ? 'name')`);
  await database.query(sql`
    update audit set details = details - 'name' where subject_id = ${userId} ${here} and details ? 'name'`);
  await database.query(sql`select set_config('natter.erasing', '', true)`);
};

/** Renames a workspace that was named after its one owner. */
export const renameWorkspace = (database: Database, workspaceId: string, name: string): Promise<unknown[]> =>
  database.query(sql`update workspace set name = ${name} where id = ${workspaceId}`);
