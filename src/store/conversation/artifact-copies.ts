import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ArtifactPlace } from "./artifact-rows.ts";

/** Artifacts that messages of a copied conversation name, which still belong to the one that it was copied from. */
export const listNamedArtifacts = async (
  database: Database,
  { workspaceId, conversationId }: ArtifactPlace,
  toConversationId: string,
): Promise<string[]> => {
  const rows = await database.query<{ id: string }>(sql`
    select a.id from artifact a where a.conversation_id = ${conversationId} and a.workspace_id = ${workspaceId}
      and exists (select 1 from message m where m.conversation_id = ${toConversationId} and m.workspace_id = ${workspaceId}
        and position(a.id in m.parts::text) > 0)`);
  return rows.map(({ id }) => id);
};

export interface ArtifactCopy {
  readonly workspaceId: string;
  readonly from: string;
  readonly to: string;
  readonly toConversationId: string;
  /** Only what was written until then; null: all. */
  readonly until: Date | null;
}

/** Copies an artifact with its versions, and lets the messages of its new conversation name the copy. */
export const copyArtifact = async (
  database: Database,
  { workspaceId, from, to, toConversationId, until }: ArtifactCopy,
): Promise<void> => {
  await database.query(sql`
    with source as (
      select v.* from artifact_version v where v.artifact_id = ${from} and v.workspace_id = ${workspaceId}
        and (${until}::timestamptz is null or v.created_at <= ${until}::timestamptz)
    ), newest as (select title, version from source order by version desc limit 1),
    copied as (
      insert into artifact (workspace_id, id, conversation_id, kind, language, title, version, created_at)
      select a.workspace_id, ${to}, ${toConversationId}, a.kind, a.language, newest.title, newest.version, a.created_at
      from artifact a, newest where a.id = ${from} and a.workspace_id = ${workspaceId}
      returning id)
    insert into artifact_version (workspace_id, artifact_id, version, title, content, written_by, author_id, created_at)
    select source.workspace_id, copied.id, source.version, source.title, source.content, source.written_by, source.author_id, source.created_at
    from source, copied`);
  // ids of artifacts are the server's own: nothing else in a message has this text
  await database.query(sql`
    update message set parts = replace(parts::text, ${from}, ${to})::jsonb
    where conversation_id = ${toConversationId} and workspace_id = ${workspaceId} and position(${from} in parts::text) > 0`);
};
