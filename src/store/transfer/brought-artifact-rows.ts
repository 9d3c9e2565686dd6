import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ArtifactPlace } from "../conversation/artifact-rows.ts";

export interface BroughtArtifact {
  readonly id: string;
  readonly kind: string;
  readonly language: string | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface BroughtVersion {
  readonly artifactId: string;
  readonly version: number;
  readonly title: string;
  readonly content: string;
  readonly writtenBy: "person" | "agent";
  readonly authorId: string | null;
  readonly createdAt: string;
}

/** Those of these ids under which the workspace has an artifact. */
export const findTakenArtifactIds = async (
  database: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await database.query<{ id: string }>(
    sql`select id from artifact where workspace_id = ${workspaceId} and id = any(${[...ids]})`,
  );
  return new Set(rows.map(({ id }) => id));
};

/** Stores artifacts whose titles and versions are still to come. */
export const insertBroughtArtifacts = (
  database: Database,
  { workspaceId, conversationId }: ArtifactPlace,
  artifacts: readonly BroughtArtifact[],
): Promise<unknown[]> =>
  database.query(sql`
    insert into artifact (workspace_id, id, conversation_id, kind, language, title, version, created_at, updated_at)
    select ${workspaceId}, id, ${conversationId}, kind, language, '', version, "createdAt", "updatedAt"
    from jsonb_to_recordset(${JSON.stringify(artifacts)}::jsonb)
      as a(id text, kind text, language text, version integer, "createdAt" timestamptz, "updatedAt" timestamptz)`);

export const insertBroughtVersions = (
  database: Database,
  workspaceId: string,
  versions: readonly BroughtVersion[],
): Promise<unknown[]> =>
  database.query(sql`
    insert into artifact_version (workspace_id, artifact_id, version, title, content, written_by, author_id, created_at)
    select ${workspaceId}, "artifactId", version, title, content, "writtenBy", "authorId", "createdAt"
    from jsonb_to_recordset(${JSON.stringify(versions)}::jsonb)
      as v("artifactId" text, version integer, title text, content text, "writtenBy" text, "authorId" text, "createdAt" timestamptz)`);

/** Gives the artifacts of a conversation the titles of their newest versions. Answers how many have one. */
export const nameBroughtArtifacts = async (
  database: Database,
  { workspaceId, conversationId }: ArtifactPlace,
): Promise<number> => {
  const rows = await database.query(sql`
    update artifact a set title = v.title from artifact_version v
    where a.conversation_id = ${conversationId} and a.workspace_id = ${workspaceId}
      and v.artifact_id = a.id and v.workspace_id = a.workspace_id and v.version = a.version returning 1`);
  return rows.length;
};
