import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Branch, MessageRow } from "../message/message-rows.ts";

const withMap = sql`parts @> '[{"type": "data-natter-map"}]'`;

/** A message that shows places; `parts` are its maps alone. */
export type MapRow = Pick<MessageRow, "id" | "parts">;

/** The newest messages of a branch that show places, at most `limit`, oldest first. Where none does, nothing else is read. */
export const listMapRows = (
  database: Database,
  { workspaceId, conversationId, leafId }: Branch,
  limit: number,
): Promise<MapRow[]> =>
  database.query(sql`
    with recursive branch as (
      select id, parent_id from message
      where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id = ${leafId}
        and exists (select 1 from message any_map where any_map.workspace_id = ${workspaceId}
          and any_map.conversation_id = ${conversationId} and ${withMap})
      union all
      select parent.id, parent.parent_id from branch join message parent on parent.workspace_id = ${workspaceId}
        and parent.conversation_id = ${conversationId} and parent.id = branch.parent_id
    ), shown as (
      select m.id, m.sequence, m.parts from message m where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId}
        and ${withMap} and m.deleted_at is null and m.id in (select id from branch)
      order by m.sequence desc limit ${limit}
    )
    select id, jsonb_path_query_array(parts, '$[*] ? (@.type == "data-natter-map")') as parts from shown order by sequence`);
