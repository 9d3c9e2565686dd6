import sql, { empty } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/chunk.ts";
import type { Settings } from "../../protocol/settings.ts";

export interface ExportedConversationRow {
  readonly id: string;
  readonly title: string | null;
  readonly status: "active" | "completed" | "archived";
  readonly visibility: "private" | "workspace";
  readonly agent: string;
  readonly model: string | null;
  readonly settings: Settings;
  readonly pinned: boolean;
  readonly active_leaf_id: string | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface ExportedMessageRow {
  readonly id: string;
  readonly parent_id: string | null;
  readonly sequence: number;
  readonly role: "user" | "assistant" | "system";
  readonly parts: readonly Part[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly created_at: Date;
  readonly deleted_at: Date | null;
  readonly vote: "up" | "down" | null;
  readonly vote_reason: string | null;
}

/** A user's conversations by id, without temporary and deleted ones. */
export const listExportedConversations = (
  database: Database,
  owner: { readonly workspaceId: string; readonly ownerId: string },
  page: { readonly afterId: string; readonly limit: number },
): Promise<ExportedConversationRow[]> =>
  database.query(sql`
    select id, title, status, visibility, agent, model, settings, pinned, active_leaf_id, created_at, updated_at from conversation
    where workspace_id = ${owner.workspaceId} and owner_id = ${owner.ownerId} and deleted_at is null and not temporary
      and id > ${page.afterId}
    order by id limit ${page.limit}`);

/** Messages in order of sequence with the viewer's vote, without sends that still wait. */
export const listExportedMessages = (
  database: Database,
  { workspaceId, conversationId, viewerId }: { workspaceId: string; conversationId: string; viewerId: string },
  page: { readonly after: number; readonly limit: number | null },
): Promise<ExportedMessageRow[]> =>
  database.query(sql`
    select m.id, m.parent_id, m.sequence, m.role, m.parts, m.metadata, m.created_at, m.deleted_at, v.value as vote, v.reason as vote_reason
    from message m left join vote v on v.message_id = m.id and v.user_id = ${viewerId}
      and v.conversation_id = m.conversation_id and v.workspace_id = m.workspace_id
    where m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId} and m.sequence > ${page.after}
      and not exists (select 1 from completion c where c.conversation_id = m.conversation_id and c.workspace_id = m.workspace_id
        and c.status = 'queued' and (c.message_id = m.id or (c.user_message_id = m.id and not c.regenerates)))
    order by m.sequence ${page.limit === null ? empty : sql`limit ${page.limit}`}`);
