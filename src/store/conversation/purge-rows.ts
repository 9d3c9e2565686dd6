import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";

export interface PurgeTimes {
  /** Days in which a deleted conversation can be brought back. */
  readonly restoreDays: number;
  /** Hours that a temporary one stays after what was done in it last. */
  readonly temporaryHours: number;
}

const resting: Sql = sql`not exists (
  select 1 from completion where completion.conversation_id = c.id and completion.workspace_id = c.workspace_id
    and completion.status in ('queued', 'running', 'waiting'))`;

/**
 * Forgets some conversations that have had their time, with everything that belongs to them; the ledger and the audit
 * log stay. One that is at work is left. Answers how many there were.
 */
export const purgeSomeConversations = async (
  database: Database,
  { restoreDays, temporaryHours }: PurgeTimes,
  limit: number,
): Promise<number> => {
  const rows = await database.query(sql`
    with over as (
      (select c.workspace_id, c.id from conversation c
        where c.deleted_at < now() - make_interval(days => ${restoreDays}::int) and ${resting} limit ${limit})
      union
      (select c.workspace_id, c.id from conversation c
        where c.temporary and c.updated_at < now() - make_interval(hours => ${temporaryHours}::int) and ${resting} limit ${limit})
      union
      (select c.workspace_id, c.id from workspace w
        join conversation c on c.workspace_id = w.id and c.updated_at < now() - make_interval(days => w.retention_days)
        where w.retention_days is not null and ${resting} limit ${limit}))
    delete from conversation using over
    where conversation.workspace_id = over.workspace_id and conversation.id = over.id returning 1`);
  return rows.length;
};
