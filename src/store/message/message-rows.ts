import sql, { type Sql } from "sql-template-tag";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";
import { surroundings, type Surroundings } from "../conversation/surroundings.ts";
import { summaryOfMessage, type PathSummary } from "../conversation/summary-rows.ts";

export interface MessageRow {
  readonly workspace_id: string;
  readonly conversation_id: string;
  readonly id: string;
  readonly parent_id: string | null;
  readonly author_id: string | null;
  readonly sequence: number;
  readonly role: "user" | "assistant" | "system";
  readonly parts: readonly Part[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly completion_id: string | null;
  readonly created_at: Date;
  readonly edited_at: Date | null;
  readonly deleted_at: Date | null;
}

export interface MessageKey {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly id: string;
}

/** The path from a message to its root. */
export interface Branch {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly leafId: string;
}

/** The columns of a MessageRow. */
export const messageColumnNames =
  "workspace_id conversation_id id parent_id author_id sequence role parts metadata completion_id created_at edited_at deleted_at";
export const listOf = (names: string, prefix = ""): Sql => sql([names.replaceAll(/\w+/g, `${prefix}$&,`).slice(0, -1)]);
const columns: Sql = listOf(messageColumnNames);

export const findMessage = async (
  database: Database,
  workspaceId: string,
  conversationId: string,
  id: string,
): Promise<MessageRow | undefined> => {
  const rows = await database.query<MessageRow>(sql`
    select ${columns} from message where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id = ${id}`);
  return rows[0];
};

/**
 * A branch from its leaf upwards, at most `limit` messages, oldest first. One index look-up a message, so that the cost
 * does not depend on the conversation's length. Rows have their distance from the leaf as `depth`.
 */
export const branchQuery = (names: string, { workspaceId, conversationId, leafId }: Branch, limit: number): Sql => sql`
  with recursive branch as (
    select ${listOf(names)}, workspace_id as tenant, conversation_id as place, parent_id as above, 1 as depth from message
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id = ${leafId}
    union all
    select ${listOf(names, "parent.")}, tenant, place, parent.parent_id, depth + 1 from branch join message parent
      on parent.workspace_id = tenant and parent.conversation_id = place and parent.id = above
    where branch.depth < ${limit}
  )
  select ${listOf(names)}, depth from branch order by depth desc`;

/** What a model call needs of a message, and the summary of the branch up to it. */
export type ContextRow = Pick<MessageRow, "id" | "role" | "sequence" | "parts" | "deleted_at"> & {
  readonly summary: PathSummary | null;
  /** Of the leaf alone. */
  readonly around: Surroundings | null;
};

export const listContextRows = (
  database: Database,
  branch: Branch & { readonly userId: string },
  limit: number,
): Promise<ContextRow[]> =>
  database.query(sql`
    select case when b.depth = 1 then ${surroundings(branch)} end as around, b.id, b.role, b.sequence, b.parts, b.deleted_at, s.summary
    from (${branchQuery("id role sequence parts deleted_at", branch, limit)}) b
    left join lateral (select ${summaryOfMessage(branch, sql`b.id`)} as summary) s on true
    order by b.depth desc`);

/** Takes the next sequence number and appends a message under `parentId`; moves the active leaf there. No row: the parent is gone. */
export const appendMessageRow = async (
  database: Database,
  message: {
    readonly workspaceId: string;
    readonly conversationId: string;
    readonly id: string;
    readonly parentId: string | null;
    readonly authorId: string | null;
    readonly role: MessageRow["role"];
    readonly parts: readonly Part[];
  },
): Promise<(MessageRow & RevisionRow) | undefined> => {
  const rows = await database.query<MessageRow & RevisionRow>(sql`
    with conversation_turn as (
      update conversation set next_sequence = next_sequence + 1, message_count = message_count + 1, version = version + 1,
        updated_at = now(), active_leaf_id = ${message.id}
      where workspace_id = ${message.workspaceId} and id = ${message.conversationId}
        and (${message.parentId}::text is null or exists (
          select 1 from message where workspace_id = ${message.workspaceId} and conversation_id = ${message.conversationId}
            and id = ${message.parentId} and deleted_at is null))
      returning next_sequence - 1 as sequence, ${revision}
    )
    insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts)
    select ${message.workspaceId}, ${message.conversationId}, ${message.id}, ${message.parentId}, ${message.authorId},
      sequence, ${message.role}, ${JSON.stringify(message.parts)}::jsonb from conversation_turn
    returning ${columns}, (select revision from conversation_turn)`);
  return rows[0];
};

export const setMessageParts = (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
  parts: readonly Part[],
): Promise<unknown[]> =>
  database.query(sql`
    update message set parts = ${JSON.stringify(parts)}::jsonb, edited_at = now()
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id = ${id}`);

/** Empties messages and marks them deleted; their sequence numbers and places in the tree stay. */
export const tombstoneMessages = async (
  database: Database,
  workspaceId: string,
  conversationId: string,
  ids: readonly string[],
): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with gone as (
      update message set deleted_at = now(), parts = '[]', metadata = null
      where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and id = any(${ids}) and deleted_at is null
      returning id)
    update conversation set version = version + 1, message_count = message_count - (select count(*) from gone)::int
    where workspace_id = ${workspaceId} and id = ${conversationId} returning ${revision}`);
  return rows[0]?.revision;
};

/** Copies a branch with its summaries, oldest first, as the first messages of another conversation. Ids stay: they are keyed by conversation. */
export const copyBranch = (database: Database, from: Branch, toConversationId: string): Promise<unknown[]> =>
  database.query(sql`
    with recursive branch as (
      select id, parent_id, 1 as depth from message
      where workspace_id = ${from.workspaceId} and conversation_id = ${from.conversationId} and id = ${from.leafId}
      union all
      select parent.id, parent.parent_id, branch.depth + 1 from branch join message parent
        on parent.workspace_id = ${from.workspaceId} and parent.conversation_id = ${from.conversationId} and parent.id = branch.parent_id
    ), live as (
      select m.*, row_number() over (order by branch.depth desc) as place, lag(m.id) over (order by branch.depth desc) as before
      from branch join message m on m.workspace_id = ${from.workspaceId} and m.conversation_id = ${from.conversationId} and m.id = branch.id
      where m.deleted_at is null
    ), copied as (
      insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts, metadata, created_at)
      select workspace_id, ${toConversationId}, id, before, author_id, place, role, parts, metadata, created_at from live
      returning id, sequence
    ), summarised as (
      insert into summary (workspace_id, conversation_id, message_id, text, instructions, messages, model)
      select s.workspace_id, ${toConversationId}, s.message_id, s.text, s.instructions, s.messages, s.model
      from live join summary s on s.message_id = live.id and s.conversation_id = live.conversation_id and s.workspace_id = live.workspace_id
    )
    update conversation set next_sequence = (select count(*) from copied)::int + 1, message_count = (select count(*) from copied)::int,
      active_leaf_id = (select id from copied order by sequence desc limit 1)
    where workspace_id = ${from.workspaceId} and id = ${toConversationId}`);
