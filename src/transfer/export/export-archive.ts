import { attachmentIdOf } from "../../conversations/files/attachments.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import {
  listExportedArtifacts,
  listExportedFiles,
  listExportedVersions,
  type ExportedConversationRow,
  type ExportedFileRow,
} from "../../store/transfer/export-rows.ts";
import { writeZip, type NewEntry } from "../archive/zip-writer.ts";
import { artifactPath, createNames, filePath, safeName } from "./archive-paths.ts";
import { conversationLines, lineOf } from "./conversation-lines.ts";
import { conversationMarkdown } from "./conversation-markdown.ts";
import { headerOf } from "./export-lines.ts";
import { placeOf, type ExportSource } from "./export-source.ts";

/** What one archive has already. */
interface Written {
  readonly nameFor: (name: string) => string;
  readonly fileIds: Set<string>;
}

const pathsOf = (files: readonly ExportedFileRow[]): ReadonlyMap<string, string> =>
  new Map(files.map((file) => [file.id, filePath(file)]));

const inArchive = (part: Part, paths: ReadonlyMap<string, string>): Part => {
  const path = part.type === "file" ? paths.get(attachmentIdOf(part.url) ?? "") : undefined;
  return part.type === "file" && path !== undefined ? { ...part, url: path } : part;
};

async function* linesOf(
  source: ExportSource,
  conversation: ExportedConversationRow,
  files: readonly ExportedFileRow[],
): AsyncGenerator<string> {
  const paths = pathsOf(files);
  const lines = files.map((file) => ({ type: "file" as const, path: filePath(file), sha256: file.sha256 }));
  const placing = { lines, place: async (part: Part) => inArchive(part, paths) };
  for await (const line of conversationLines(source, conversation, placing)) yield lineOf(line);
}

async function* fileEntries(
  { blobs }: ExportSource,
  files: readonly ExportedFileRow[],
  { fileIds }: Written,
): AsyncGenerator<NewEntry> {
  for (const file of files) {
    if (fileIds.has(file.id)) continue;
    fileIds.add(file.id);
    const blob = await blobs.get(file.id);
    if (blob !== null) yield { name: filePath(file), modifiedAt: file.created_at, content: blob.content };
  }
}

async function* artifactEntries(source: ExportSource, conversationId: string): AsyncGenerator<NewEntry> {
  const { database, workspaceId } = source;
  for (const artifact of await listExportedArtifacts(database, placeOf(source, conversationId))) {
    const { id, version: newest } = artifact;
    const page = { after: newest - 1, limit: 1 };
    const [version] = await listExportedVersions(database, { workspaceId, id, newest }, page);
    const name = artifactPath(artifact);
    if (version !== undefined) yield { name, modifiedAt: version.created_at, content: [version.content] };
  }
}

async function* conversationEntries(
  source: ExportSource,
  conversation: ExportedConversationRow,
  written: Written,
): AsyncGenerator<NewEntry> {
  const files = await listExportedFiles(source.database, placeOf(source, conversation.id));
  const modifiedAt = conversation.updated_at;
  const day = conversation.created_at.toISOString().slice(0, 10);
  const readable = written.nameFor(`${day} ${safeName(conversation.title ?? "", "Untitled")}`);
  const paths = pathsOf(files);
  yield {
    name: `conversations/${conversation.id}.jsonl`,
    modifiedAt,
    content: linesOf(source, conversation, files),
  };
  const links = {
    fileLink: (id: string) => (paths.has(id) ? `../${paths.get(id)}` : null),
    artifactLink: (artifact: Parameters<typeof artifactPath>[0]) => `../${artifactPath(artifact)}`,
  };
  yield {
    name: `markdown/${readable}.md`,
    modifiedAt,
    content: conversationMarkdown(source, conversation, links),
  };
  yield* artifactEntries(source, conversation.id);
  yield* fileEntries(source, files, written);
}

async function* allEntries(
  source: ExportSource,
  conversations: AsyncIterable<ExportedConversationRow>,
): AsyncGenerator<NewEntry> {
  const now = new Date();
  yield { name: "natter.json", modifiedAt: now, content: [lineOf(headerOf(now))] };
  const written = { nameFor: createNames(), fileIds: new Set<string>() };
  for await (const conversation of conversations) yield* conversationEntries(source, conversation, written);
}

/**
 * Conversations as a zip archive that import takes again: `conversations/` holds each as JSON lines, `files/` and
 * `artifacts/` what belongs to them, `markdown/` the same to read. Made as it is read.
 */
export const exportArchive = (
  source: ExportSource,
  conversations: AsyncIterable<ExportedConversationRow>,
): AsyncGenerator<Uint8Array> => writeZip(allEntries(source, conversations));
