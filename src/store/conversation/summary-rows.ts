import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Branch, MessageKey, MessageRow } from "../message/message-rows.ts";

/** What stands for the messages from the root of a branch to one of its messages. */
export interface PathSummary {
  readonly text: string;
  /** What system messages among them say, word for word; empty: there were none. */
  readonly instructions: string;
  /** How many messages it stands for. */
  readonly messages: number;
}

export interface NewSummary extends PathSummary {
  readonly model: string;
}

/** Orders for the summary of a branch up to a message. */
export interface SummaryPayload {
  /** The last message to be covered. */
  readonly messageId: string;
  readonly completionId: string;
  readonly model: string;
}

/** The job that summarises what a model will not be shown any more. */
export const summaryKind = "summary";

/** For the statement that ends a completion: orders a summary. Reads a CTE `ended` (workspace_id, conversation_id, requested_by). */
export const orderingSummary = (jobId: string, { messageId, completionId, model }: SummaryPayload): Sql => sql`
  insert into job (workspace_id, id, kind, subject, payload)
  select workspace_id, ${jobId}, ${summaryKind}, conversation_id, jsonb_build_object('messageId', ${messageId}::text,
    'completionId', ${completionId}::text, 'model', ${model}::text, 'requestedBy', requested_by)
  from ended on conflict do nothing`;

/**
 * The PathSummary that ends with a message, as a value in a statement; null: there is none. A look-up by the
 * message's own key: by an index on conversations a planner without statistics would read all summaries for each message.
 */
export const summaryOfMessage = ({ workspaceId, conversationId }: Omit<Branch, "leafId">, id: Sql): Sql => sql`
  (select jsonb_build_object('text', s.text, 'instructions', s.instructions, 'messages', s.messages) from summary s
   where s.message_id = ${id} and s.conversation_id = ${conversationId} and s.workspace_id = ${workspaceId} limit 1)`;

/** A message of a path; `is_covered`: there is a summary up to it. */
export interface PathRow {
  readonly id: string;
  readonly is_covered: boolean;
}

/** The messages above and with a leaf, oldest first, from the root or from the nearest one that a summary ends with. */
export const listUncovered = (
  database: Database,
  { workspaceId, conversationId, leafId }: Branch,
): Promise<PathRow[]> => {
  const isCovered = (id: Sql): Sql => sql`
    exists (select 1 from summary s where s.message_id = ${id} and s.conversation_id = ${conversationId} and s.workspace_id = ${workspaceId})`;
  return database.query(sql`
    with recursive path as (
      select m.id, m.parent_id, ${isCovered(sql`m.id`)} as is_covered, 1 as depth from message m
      where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId} and m.id = ${leafId}
      union all
      select parent.id, parent.parent_id, ${isCovered(sql`parent.id`)}, depth + 1 from path
      join message parent on parent.workspace_id = ${workspaceId} and parent.conversation_id = ${conversationId} and parent.id = path.parent_id
      where not path.is_covered
    )
    select id, is_covered from path order by depth desc`);
};

/** Messages in the order of their ids, those that are deleted left out. */
export const listTexts = (
  database: Database,
  { workspaceId, conversationId }: Omit<MessageKey, "id">,
  ids: readonly string[],
): Promise<Pick<MessageRow, "id" | "role" | "parts">[]> =>
  database.query(sql`
    select m.id, m.role, m.parts from unnest(${ids}::text[]) with ordinality as asked (id, place)
    join message m on m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId} and m.id = asked.id
    where m.deleted_at is null order by asked.place`);

export const findSummary = async (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
): Promise<PathSummary | undefined> => {
  const rows = await database.query<PathSummary>(sql`
    select text, instructions, messages from summary
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and message_id = ${id}`);
  return rows[0];
};

/** Locks a conversation that is not deleted against deletions of its messages. False: there is none. */
export const lockForSummary = async (
  database: Database,
  { workspaceId, conversationId }: Omit<MessageKey, "id">,
): Promise<boolean> => {
  const rows = await database.query(sql`
    select 1 from conversation where workspace_id = ${workspaceId} and id = ${conversationId} and deleted_at is null for no key update`);
  return rows.length === 1;
};

/**
 * Stores a summary, unless one of the messages that it was made of has been deleted since. False: one has been. In a
 * transaction that has the conversation's lock.
 */
export const insertSummary = async (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
  summary: NewSummary,
  from: { readonly ids: readonly string[]; readonly base: string | null },
): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into summary (workspace_id, conversation_id, message_id, text, instructions, messages, model)
    select ${workspaceId}, ${conversationId}, ${id}, ${summary.text}, ${summary.instructions}, ${summary.messages}::int, ${summary.model}
    where not exists (select 1 from message where workspace_id = ${workspaceId} and conversation_id = ${conversationId}
        and id = any(${from.ids}) and deleted_at is not null)
      and (${from.base}::text is null or exists (select 1 from summary
        where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and message_id = ${from.base}))
    on conflict (message_id, conversation_id, workspace_id) do update set text = excluded.text,
      instructions = excluded.instructions, messages = excluded.messages, model = excluded.model
    returning 1`);
  return rows.length === 1;
};

/** Forgets what a deleted message may be spoken of in. */
export const forgetSummaries = (
  database: Database,
  { workspaceId, conversationId }: Omit<MessageKey, "id">,
): Promise<unknown[]> =>
  database.query(sql`
    delete from summary using message m where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId}
      and summary.message_id = m.id and summary.conversation_id = m.conversation_id and summary.workspace_id = m.workspace_id`);
