import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Settings } from "../../protocol/settings.ts";

export interface BroughtMessage {
  readonly id: string;
  readonly parentId: string | null;
  /** 1, 2, 3 … in the conversation. */
  readonly sequence: number;
  readonly role: "user" | "assistant" | "system";
  readonly authorId: string | null;
  readonly parts: readonly Part[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly createdAt: string;
  readonly deletedAt: string | null;
  readonly vote: { readonly value: "up" | "down"; readonly reason: string | null } | null;
}

export interface BroughtConversation {
  readonly id: string;
  readonly title: string | null;
  readonly status: "active" | "completed" | "archived";
  readonly visibility: "private" | "workspace";
  readonly agent: string;
  readonly model: string | null;
  readonly settings: Settings;
  readonly pinned: boolean;
  readonly activeLeafId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** Stores a conversation that was something before, with its own times. False: its id is taken. */
export const insertBroughtConversation = async (
  database: Database,
  { workspaceId, ownerId }: { readonly workspaceId: string; readonly ownerId: string },
  conversation: BroughtConversation,
  counts: { readonly messages: number; readonly live: number },
): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into conversation (workspace_id, id, owner_id, title, status, visibility, agent, model, settings, pinned,
      title_by, instructions_by, next_sequence, message_count, active_leaf_id, created_at, updated_at)
    values (${workspaceId}, ${conversation.id}, ${ownerId}, ${conversation.title}, ${conversation.status}, ${conversation.visibility},
      ${conversation.agent}, ${conversation.model}, ${JSON.stringify(conversation.settings)}::jsonb, ${conversation.pinned},
      ${conversation.title === null ? null : ownerId}, ${conversation.settings.instructions === undefined ? null : ownerId}, ${counts.messages + 1}, ${counts.live}, ${conversation.activeLeafId}, ${conversation.createdAt}::text::timestamptz,
      ${conversation.updatedAt}::text::timestamptz)
    on conflict do nothing returning id`);
  return rows.length === 1;
};

/** Stores messages of such a conversation, whose parents are among them or there already, with the owner's votes. */
export const insertBroughtMessages = (
  database: Database,
  place: { readonly workspaceId: string; readonly conversationId: string; readonly ownerId: string },
  messages: readonly BroughtMessage[],
): Promise<unknown[]> =>
  database.query(sql`
    with brought as materialized (
      select (m ->> 'id') as id, m ->> 'parentId' as parent_id, m ->> 'role' as role, m ->> 'authorId' as author_id, m -> 'parts' as parts,
        nullif(m -> 'metadata', 'null') as metadata, (m ->> 'createdAt')::timestamptz as created_at,
        (m ->> 'deletedAt')::timestamptz as deleted_at, nullif(m -> 'vote', 'null') as vote, (m ->> 'sequence')::int as sequence
      from jsonb_array_elements(${JSON.stringify(messages)}::jsonb) as list(m)
    ), said as (
      insert into message (workspace_id, conversation_id, id, parent_id, author_id, sequence, role, parts, metadata, created_at, deleted_at)
      select ${place.workspaceId}, ${place.conversationId}, id, parent_id, author_id, sequence, role, parts,
        metadata, created_at, deleted_at from brought)
    insert into vote (workspace_id, conversation_id, message_id, user_id, value, reason)
    select ${place.workspaceId}, ${place.conversationId}, id, ${place.ownerId}, vote ->> 'value', vote ->> 'reason' from brought where vote is not null`);

/** A file of the owner's that a conversation shows already, with the same content under the same name. */
export const findSameFile = async (
  database: Database,
  { workspaceId, ownerId }: { readonly workspaceId: string; readonly ownerId: string },
  file: { readonly sha256: string; readonly mediaType: string; readonly fileName: string | null },
): Promise<string | undefined> => {
  const [row] = await database.query<{ id: string }>(sql`
    select a.id from attachment a where a.sha256 = ${file.sha256} and a.owner_id = ${ownerId} and a.workspace_id = ${workspaceId}
      and a.media_type = ${file.mediaType} and a.file_name is not distinct from ${file.fileName}::text
      and exists (select 1 from conversation_attachment p
        join conversation c on c.id = p.conversation_id and c.workspace_id = p.workspace_id and c.deleted_at is null
        where p.attachment_id = a.id and p.workspace_id = a.workspace_id)
    order by a.id limit 1`);
  return row?.id;
};
