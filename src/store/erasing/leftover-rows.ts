import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { eraseKind } from "../job-rows.ts";
import type { Traces } from "./conversation-erasing.ts";

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

/** What else a user left in a workspace besides conversations and files. */
export const deleteLeftovers = async (database: Database, { workspaceId, userId }: Traces): Promise<void> => {
  for (const [table, column] of tables)
    await database.query(
      sql`delete from ${sql([table])} where workspace_id = ${workspaceId} and ${sql([column])} = ${userId}`,
    );
  await database.query(
    sql`delete from budget where workspace_id = ${workspaceId} and scope = 'user' and subject = ${userId}`,
  );
  await database.query(sql`delete from idempotency where scope = ${`${workspaceId} ${userId}`}`);
  await database.query(sql`
    update approval set reason = null where workspace_id = ${workspaceId} and decided_by = ${userId} and reason is not null`);
  await database.query(sql`
    update webhook set description = null, created_by = null where workspace_id = ${workspaceId} and created_by = ${userId}`);
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

/** Some files of a user; `null`: there are none left. */
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

/** Takes out of the audit log where a user came from and what they called things; in one workspace, or in all. */
export const blankAudit = async (database: Database, userId: string, workspaceId?: string): Promise<void> => {
  await database.query(sql`select set_config('natter.erasing', ${userId}, true)`);
  await database.query(sql`
    update audit set ip = null, request_id = null, details = details - 'name' where actor_id = ${userId}
      and (${workspaceId ?? null}::text is null or workspace_id = ${workspaceId ?? null})
      and (ip is not null or request_id is not null or details ? 'name')`);
  await database.query(sql`select set_config('natter.erasing', '', true)`);
};

/** Renames a workspace that was named after its one owner. */
export const renameWorkspace = (database: Database, workspaceId: string, name: string): Promise<unknown[]> =>
  database.query(sql`update workspace set name = ${name} where id = ${workspaceId}`);

/**
 * Ends the job of a user, and with the last one a workspace in which nobody is any more, with everything that is left in
 * it; inside a transaction.
 */
export const endErasing = async (database: Database, { workspaceId, userId }: Traces): Promise<void> => {
  // one after the other: of two that end at the same time the later one has to find that it is the last
  await database.query(sql`select 1 from workspace where id = ${workspaceId} for update`);
  await database.query(
    sql`delete from job where workspace_id = ${workspaceId} and kind = ${eraseKind} and subject = ${userId} and failed_at is null`,
  );
  await database.query(sql`
    delete from workspace w where w.id = ${workspaceId} and not exists (select 1 from member m where m.workspace_id = w.id)
      and not exists (select 1 from job j where j.workspace_id = w.id and j.kind = ${eraseKind} and j.failed_at is null)`);
};
