import sql, { type Sql } from "sql-template-tag";
import { revision } from "../conversation/revision.ts";

/**
 * CTEs that give a waiting send its place in the tree, once its turn has come. They read a CTE `due` (workspace_id,
 * conversation_id, message_id, user_message_id, sent_on) and need `with recursive`.
 *
 * The parent is the newest live leaf under the user message that `sent_on` belongs to: answers that were regenerated
 * meanwhile are followed, messages and answers that are themselves still queued are not. Where nothing there is left,
 * it is the nearest live message above, else the active leaf.
 *
 * `moved` answers the conversation's revision. It has no row, and nothing is placed, when another statement placed something in this conversation after this
 * one began: it would not know of that. Such a statement is run again.
 */
export const placing: Sql = sql`
  anchor as (
    select due.workspace_id, due.conversation_id, case when sent.role = 'assistant' then coalesce(sent.parent_id, sent.id) else sent.id end as id
    from due join message sent
      on sent.workspace_id = due.workspace_id and sent.conversation_id = due.conversation_id and sent.id = due.sent_on
  ),
  below as (
    select m.workspace_id, m.conversation_id, m.id, m.sequence, m.deleted_at, null::text as live_above
    from anchor join message m
      on m.workspace_id = anchor.workspace_id and m.conversation_id = anchor.conversation_id and m.id = anchor.id
    union all
    select child.workspace_id, child.conversation_id, child.id, child.sequence, child.deleted_at,
      case when below.deleted_at is null then below.id else below.live_above end
    from below join message child
      on child.workspace_id = below.workspace_id and child.conversation_id = below.conversation_id and child.parent_id = below.id
    where not exists (
      select 1 from completion q where q.workspace_id = child.workspace_id and q.conversation_id = child.conversation_id
        and q.status = 'queued' and (q.message_id = child.id or (q.user_message_id = child.id and not q.regenerates)))
  ),
  leaf as (
    select id from below
    where deleted_at is null and not exists (select 1 from below child where child.live_above = below.id and child.deleted_at is null)
    order by sequence desc limit 1
  ),
  above as (
    select m.workspace_id, m.conversation_id, m.id, m.parent_id, m.deleted_at
    from anchor join message m
      on m.workspace_id = anchor.workspace_id and m.conversation_id = anchor.conversation_id and m.id = anchor.id
    union all
    select parent.workspace_id, parent.conversation_id, parent.id, parent.parent_id, parent.deleted_at
    from above join message parent
      on parent.workspace_id = above.workspace_id and parent.conversation_id = above.conversation_id and parent.id = above.parent_id
    where above.deleted_at is not null
  ),
  seen as (
    select v.active_leaf_id from due join conversation v on v.workspace_id = due.workspace_id and v.id = due.conversation_id
  ),
  moved as (
    update conversation set active_leaf_id = due.message_id, version = version + 1, updated_at = now() from due, seen
    where conversation.workspace_id = due.workspace_id and conversation.id = due.conversation_id
      and conversation.active_leaf_id is not distinct from seen.active_leaf_id
    returning ${revision}
  ),
  active as (
    select m.id from due, seen, message m
    where m.workspace_id = due.workspace_id and m.conversation_id = due.conversation_id and m.id = seen.active_leaf_id and m.deleted_at is null
  ),
  placed as (
    update message
    set parent_id = coalesce((select id from leaf), (select id from above where deleted_at is null), (select id from active))
    from due, moved
    where due.sent_on is not null and message.workspace_id = due.workspace_id
      and message.conversation_id = due.conversation_id and message.id = due.user_message_id
    returning 1
  )`;
