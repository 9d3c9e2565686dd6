import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { MessageKey, MessageRow } from "./message-rows.ts";

/** What a name can mean. */
export type NamedRow = Pick<MessageRow, "id" | "role" | "parent_id" | "parts" | "deleted_at">;

/** The message with this id and those for which it is an alias, newest first, tombstones included; at most 20. */
export const listNamedRows = (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
): Promise<NamedRow[]> =>
  database.query(sql`
    select id, role, parent_id, parts, deleted_at from message
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id in (
      select ${id} union all
      select message_id from message_alias where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and alias = ${id})
    order by sequence desc limit 20`);

/** Gives a message, which may be stored later in the same transaction, the name by which a client calls it. */
export const insertMessageAlias = (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
  alias: string,
): Promise<unknown[]> =>
  database.query(sql`
    insert into message_alias (workspace_id, conversation_id, message_id, alias)
    values (${workspaceId}, ${conversationId}, ${id}, ${alias})`);
