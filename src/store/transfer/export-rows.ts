import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ArtifactKind } from "../../protocol/artifact.ts";
import type { Part } from "../../protocol/message/chunk.ts";
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
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly parts: readonly Part[];
  readonly metadata: Readonly<Record<string, unknown>> | null;
  readonly created_at: Date;
  readonly deleted_at: Date | null;
  readonly vote: "up" | "down" | null;
  readonly vote_reason: string | null;
}

export interface ExportPlace {
  readonly workspaceId: string;
  readonly conversationId: string;
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

const placed = ({ workspaceId, conversationId }: ExportPlace): Sql => sql`
  m.workspace_id = ${workspaceId} and m.conversation_id = ${conversationId}
  and not exists (select 1 from completion c where c.conversation_id = m.conversation_id and c.workspace_id = m.workspace_id
    and c.status = 'queued' and (c.message_id = m.id or (c.user_message_id = m.id and not c.regenerates)))`;

/** Messages in order of sequence with the viewer's vote, without sends that still wait. */
export const listExportedMessages = (
  database: Database,
  { viewerId, ...place }: ExportPlace & { readonly viewerId: string },
  page: { readonly after: number; readonly limit: number } | { readonly ids: readonly string[] },
): Promise<ExportedMessageRow[]> =>
  database.query(sql`
    select m.id, m.parent_id, m.sequence, m.role, m.author_id, u.name as author_name, m.parts, m.metadata, m.created_at, m.deleted_at,
      v.value as vote, v.reason as vote_reason
    from message m left join vote v on v.message_id = m.id and v.user_id = ${viewerId}
      and v.conversation_id = m.conversation_id and v.workspace_id = m.workspace_id
    left join "user" u on u.id = m.author_id
    where ${placed(place)} ${"ids" in page ? sql`and m.id = any(${[...page.ids]})` : sql`and m.sequence > ${page.after}`}
    order by m.sequence ${"ids" in page ? empty : sql`limit ${page.limit}`}`);

export interface ExportedNodeRow {
  readonly id: string;
  readonly parent_id: string | null;
}

/** The tree alone, in order of sequence. */
export const listExportedNodes = (database: Database, place: ExportPlace): Promise<ExportedNodeRow[]> =>
  database.query(sql`select m.id, m.parent_id from message m where ${placed(place)} order by m.sequence`);

export interface ExportedFileRow {
  readonly id: string;
  readonly media_type: string;
  readonly sha256: string;
  readonly file_name: string | null;
  readonly created_at: Date;
}

/** The files that a conversation shows. */
export const listExportedFiles = (
  database: Database,
  { workspaceId, conversationId }: ExportPlace,
): Promise<ExportedFileRow[]> =>
  database.query(sql`
    select a.id, a.media_type, a.sha256, a.file_name, a.created_at from conversation_attachment p
    join attachment a on a.id = p.attachment_id and a.workspace_id = p.workspace_id
    where p.conversation_id = ${conversationId} and p.workspace_id = ${workspaceId} order by a.id`);

export interface ExportedArtifactRow {
  readonly id: string;
  readonly kind: ArtifactKind;
  readonly language: string | null;
  readonly title: string;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** The oldest first. */
export const listExportedArtifacts = (
  database: Database,
  { workspaceId, conversationId }: ExportPlace,
): Promise<ExportedArtifactRow[]> =>
  database.query(sql`
    select id, kind, language, title, version, created_at, updated_at from artifact
    where conversation_id = ${conversationId} and workspace_id = ${workspaceId} order by created_at, id`);

export interface ExportedVersionRow {
  readonly version: number;
  readonly title: string;
  readonly content: string;
  readonly written_by: "person" | "agent";
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly created_at: Date;
}

/** Some versions of an artifact, up to the one that was its newest when the export came to it. */
export const listExportedVersions = (
  database: Database,
  { workspaceId, id, newest }: { readonly workspaceId: string; readonly id: string; readonly newest: number },
  page: { readonly after: number; readonly limit: number },
): Promise<ExportedVersionRow[]> =>
  database.query(sql`
    select v.version, v.title, v.content, v.written_by, v.author_id, u.name as author_name, v.created_at
    from artifact_version v left join "user" u on u.id = v.author_id
    where v.artifact_id = ${id} and v.workspace_id = ${workspaceId} and v.version > ${page.after} and v.version <= ${newest}::int
    order by v.version limit ${page.limit}`);
