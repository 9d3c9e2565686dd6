import type { Artifact, ArtifactVersion, ListedArtifact } from "../../protocol/artifact.ts";
import type { ArtifactRow, ArtifactVersionRow, ListedVersionRow } from "../../store/conversation/artifact-rows.ts";

export const toListedArtifact = (row: ArtifactRow): ListedArtifact => ({
  id: row.id,
  conversationId: row.conversation_id,
  kind: row.kind,
  language: row.language,
  title: row.title,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

type VersionFacts = Omit<ArtifactVersionRow, "content">;

const versionFacts = (row: VersionFacts) => ({
  version: row.version,
  title: row.title,
  writtenBy: row.written_by,
  authorId: row.author_id,
  authorName: row.author_name,
  completionId: row.completion_id,
  createdAt: row.created_at.toISOString(),
});

export const toArtifactVersion = (row: ListedVersionRow): ArtifactVersion => ({
  ...versionFacts(row),
  characters: row.characters,
});

export const toArtifact = (row: ArtifactRow, version: ArtifactVersionRow): Artifact => ({
  id: row.id,
  conversationId: row.conversation_id,
  kind: row.kind,
  language: row.language,
  ...versionFacts(version),
  content: version.content,
  isNewest: version.version === row.version,
});
