import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { MessageKey } from "../message/message-rows.ts";
import { endedStatuses, type ExecutionKey } from "./execution-rows.ts";

/** Column of a claimed `completion`: whether its conversation has results that a message may carry. By an index, mostly empty. */
export const hasResults: Sql = sql`exists (select 1 from background_execution ended
  where ended.conversation_id = completion.conversation_id and ended.workspace_id = completion.workspace_id
    and ended.status in ('completed', 'failed', 'cancelled')) as has_results`;

/** The live messages from one up to its root, as a CTE `live` (id, role, depth); needs `with recursive`. */
const livePath = ({ workspaceId, conversationId, id }: MessageKey): Sql => sql`
  path as (
    select id, parent_id, role, deleted_at, 1 as depth from message
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id = ${id}
    union all
    select parent.id, parent.parent_id, parent.role, parent.deleted_at, path.depth + 1 from path join message parent
      on parent.workspace_id = ${workspaceId} and parent.conversation_id = ${conversationId} and parent.id = path.parent_id
  ), live as (select id, role, depth from path where deleted_at is null)`;

/**
 * Puts every result whose call is on the path of a message, and which no message on the path carries yet, at the head of
 * that message. Runs in the transaction that claims its completion, after the message has its place.
 */
export const carryResults = (database: Database, message: MessageKey): Promise<unknown[]> =>
  database.query(sql`
    with recursive ${livePath(message)}, carried as (
      update background_execution e set carried_by = e.carried_by || ${message.id}::text
      where e.workspace_id = ${message.workspaceId} and e.conversation_id = ${message.conversationId} and e.status = any(${endedStatuses})
        and e.message_id in (select id from live where id <> ${message.id})
        and not exists (select 1 from live where live.id = any(e.carried_by))
      returning e.id, e.call_id, e.tool, e.round, e.result, e.finished_at
    )
    update message set parts = told.parts || message.parts
    from (
      select jsonb_agg(jsonb_build_object('type', 'data-natter-tool-result', 'id', carried.id || '.' || carried.round, 'data', jsonb_build_object(
        'toolExecutionId', carried.id, 'callId', carried.call_id, 'tool', carried.tool, 'round', carried.round, 'outcome', carried.result))
        order by carried.finished_at, carried.id) as parts
      from carried) told
    where told.parts is not null and message.workspace_id = ${message.workspaceId} and message.conversation_id = ${message.conversationId}
      and message.id = ${message.id}`);

export interface ResultPlace {
  /** Whether the answer that made the call is above the message, and no message from there on carries the result. */
  readonly is_untold: boolean;
  /** Answers since a person's last message. */
  readonly answers: number;
}

/** What the path of a message says of a result that is there. */
export const findResultPlace = async (
  database: Database,
  message: MessageKey,
  { id }: ExecutionKey,
): Promise<ResultPlace | undefined> => {
  const rows = await database.query<ResultPlace>(sql`
    with recursive ${livePath(message)}
    select e.status = any(${endedStatuses}) and e.message_id in (select id from live)
        and not exists (select 1 from live where live.id = any(e.carried_by)) as is_untold,
      (select count(*) from live where depth < coalesce((select min(depth) from live asked where asked.role = 'user'), 1))::int as answers
    from background_execution e where e.workspace_id = ${message.workspaceId} and e.id = ${id} and e.conversation_id = ${message.conversationId}`);
  return rows[0];
};
