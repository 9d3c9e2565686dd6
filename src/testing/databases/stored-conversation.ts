import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import sql from "sql-template-tag";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";

interface Row {
  readonly [column: string]: unknown;
}

export interface StoredConversation {
  readonly conversation: Row;
  readonly messages: readonly Row[];
  readonly votes: readonly Row[];
  readonly artifacts: readonly Row[];
  readonly versions: readonly Row[];
  readonly files: readonly Row[];
}

/** What is written of a file in the blob store. */
const hashOf = async (blobs: BlobStore, id: string): Promise<string> => {
  const blob = await blobs.get(id);
  return blob === null
    ? "gone"
    : createHash("sha256")
        .update(await buffer(blob.content))
        .digest("hex");
};

/**
 * All that is stored of a conversation, but for what an export cannot keep: versions and completions, which count what
 * was done here, and the ids of files, which name their place in the store (the hash of what is in them stands instead).
 * Of files that no message names nothing is told, and of those that are the same in everything once.
 */
export const readStored = async (
  database: Database,
  blobs: BlobStore,
  { workspaceId, id }: { readonly workspaceId: string; readonly id: string },
): Promise<StoredConversation> => {
  const [conversation = {}] = await database.query<Row>(sql`
    select id, owner_id, title, status, visibility, agent, model, settings, pinned, temporary, next_sequence, message_count, active_leaf_id,
      created_at, updated_at, deleted_at from conversation where id = ${id} and workspace_id = ${workspaceId}`);
  const messages = await database.query<Row>(sql`
    select id, parent_id, author_id, sequence, role, parts, metadata, created_at, deleted_at from message
    where conversation_id = ${id} and workspace_id = ${workspaceId} order by sequence`);
  const votes = await database.query<Row>(sql`
    select message_id, user_id, value, reason from vote where conversation_id = ${id} and workspace_id = ${workspaceId}
    order by message_id, user_id`);
  const artifacts = await database.query<Row>(sql`
    select id, kind, language, title, version, created_at, updated_at from artifact
    where conversation_id = ${id} and workspace_id = ${workspaceId} order by id`);
  const versions = await database.query<Row>(sql`
    select v.artifact_id, v.version, v.title, v.content, v.written_by, v.author_id, v.created_at from artifact_version v
    join artifact a on a.id = v.artifact_id and a.workspace_id = v.workspace_id
    where a.conversation_id = ${id} and a.workspace_id = ${workspaceId} order by v.artifact_id, v.version`);
  const attachments = await database.query<{ id: string } & Row>(sql`
    select a.id, a.media_type, a.bytes, a.sha256, a.file_name, a.owner_id from attachment a join conversation_attachment p
      on p.attachment_id = a.id and p.workspace_id = a.workspace_id
    where p.conversation_id = ${id} and p.workspace_id = ${workspaceId} order by a.id`);
  let text = JSON.stringify({ conversation, messages, votes, artifacts, versions });
  const files: Row[] = [];
  for (const { id: fileId, ...file } of attachments) {
    if (!text.includes(fileId)) continue;
    const hash = await hashOf(blobs, fileId);
    text = text.replaceAll(fileId, hash);
    files.push({ ...file, content: hash });
  }
  const distinct = new Map(files.map((row) => [JSON.stringify(row), row]));
  const order = ({ content, file_name: name }: Row): string => `${String(content)} ${String(name)}`;
  return { ...JSON.parse(text), files: [...distinct.values()].toSorted((a, b) => (order(a) < order(b) ? -1 : 1)) };
};
