import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { unreadBy } from "./conversation-rows.ts";

/** Writes down that a user looks at a conversation now. True: there was something that they had not seen. */
export const markSeen = async (
  database: Database,
  workspaceId: string,
  conversationId: string,
  userId: string,
): Promise<boolean> => {
  const rows = await database.query<{ unread: boolean }>(sql`
    with before as (
      select id, ${unreadBy(userId)} from conversation where workspace_id = ${workspaceId} and id = ${conversationId}
    ), seen as (
      insert into conversation_seen (workspace_id, conversation_id, user_id, seen_at)
      select ${workspaceId}, id, ${userId}, clock_timestamp() from before
      on conflict (conversation_id, user_id, workspace_id) do update set seen_at = excluded.seen_at)
    select unread from before`);
  return rows[0]?.unread ?? false;
};
