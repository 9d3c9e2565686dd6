import type { Part } from "../../protocol/message/chunk.ts";
import type {
  ExportedArtifact,
  ExportedAuthor,
  ExportedConversation,
  ExportedFile,
  ExportedMessage,
  ExportedVersion,
  ExportLine,
} from "../../protocol/transfer.ts";
import {
  listExportedArtifacts,
  type ExportedArtifactRow,
  type ExportedConversationRow,
  type ExportedMessageRow,
  type ExportedVersionRow,
} from "../../store/transfer/export-rows.ts";
import { messagesOf, placeOf, versionsOf, type ExportSource } from "./export-source.ts";

/** Where the files of a conversation go. */
export interface ExportedFiles {
  /** Lines that say of files beside the lines what is true of them. */
  readonly lines: readonly ExportedFile[];
  /** The part as it stands in the export. */
  place(part: Part): Promise<Part>;
}

const toConversationLine = (row: ExportedConversationRow): ExportedConversation => ({
  type: "conversation",
  id: row.id,
  title: row.title,
  status: row.status,
  visibility: row.visibility,
  agent: row.agent,
  model: row.model,
  settings: row.settings,
  pinned: row.pinned,
  activeLeafId: row.active_leaf_id,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const authorOf = ({
  author_id: id,
  author_name: name,
}: Pick<ExportedMessageRow, "author_id" | "author_name">): ExportedAuthor | null => (id === null ? null : { id, name });

const toMessageLine = (row: ExportedMessageRow, parts: Part[]): ExportedMessage => ({
  type: "message",
  id: row.id,
  parentId: row.parent_id,
  role: row.role,
  author: authorOf(row),
  parts,
  metadata: row.metadata,
  createdAt: row.created_at.toISOString(),
  deletedAt: row.deleted_at?.toISOString() ?? null,
  vote: row.vote === null ? null : { value: row.vote, reason: row.vote_reason },
});

const toArtifactLine = (row: ExportedArtifactRow): ExportedArtifact => ({
  type: "artifact",
  id: row.id,
  kind: row.kind,
  language: row.language,
  version: row.version,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const toVersionLine = (artifactId: string, row: ExportedVersionRow): ExportedVersion => ({
  type: "artifact-version",
  artifactId,
  version: row.version,
  title: row.title,
  content: row.content,
  writtenBy: row.written_by,
  author: authorOf(row),
  createdAt: row.created_at.toISOString(),
});

/** A conversation with all that belongs to it; never more than a few messages, or versions of an artifact, in memory. */
export async function* conversationLines(
  source: ExportSource,
  conversation: ExportedConversationRow,
  files: ExportedFiles,
): AsyncGenerator<ExportLine> {
  yield toConversationLine(conversation);
  yield* files.lines;
  const artifacts = await listExportedArtifacts(source.database, placeOf(source, conversation.id));
  for (const artifact of artifacts) yield toArtifactLine(artifact);
  for await (const message of messagesOf(source, conversation.id)) {
    const parts: Part[] = [];
    for (const part of message.parts) parts.push(await files.place(part));
    yield toMessageLine(message, parts);
  }
  for (const artifact of artifacts)
    for await (const version of versionsOf(source, artifact)) yield toVersionLine(artifact.id, version);
}

/** One line of a file. */
export const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;
