import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import { unreadByOther, unreadByOwner } from "./conversation-rows.ts";

/** Writes down that a user looks at a conversation now. True: there was something that they had not seen. */
export const markSeen = async (
  database: Database,
  workspaceId: string,
  conversationId: string,
  userId: string,
): Promise<boolean> => {
  const rows = await database.query<{ unread: boolean }>(sql`
    with own as (
      update conversation set seen_at = clock_timestamp()
      where workspace_id = ${workspaceId} and id = ${conversationId} and owner_id = ${userId} and ${unreadByOwner} returning 1
    ), others as (
      insert into conversation_seen (workspace_id, conversation_id, user_id, seen_at)
      select workspace_id, id, ${userId}, clock_timestamp() from conversation
      where workspace_id = ${workspaceId} and id = ${conversationId} and owner_id <> ${userId} and ${unreadByOther(userId)}
      on conflict (conversation_id, user_id, workspace_id) do update set seen_at = excluded.seen_at returning 1)
    select exists (select from own union all select from others) as unread`);
  return rows[0]?.unread ?? false;
};
