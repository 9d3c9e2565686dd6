import { attachmentIdOf } from "../../conversations/files/attachments.ts";
import type { BlobStore } from "../../ports/blob-store.ts";
import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/chunk.ts";
import { exportVersion, type ExportedConversation, type ExportedMessage } from "../../protocol/transfer.ts";
import {
  listExportedMessages,
  type ExportedConversationRow,
  type ExportedMessageRow,
} from "../../store/transfer/export-rows.ts";

export interface ExportSource {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly workspaceId: string;
  /** Whose votes go along. */
  readonly viewerId: string;
}

const pageSize = 20;

const toDataUrl = async (blobs: BlobStore, part: Part): Promise<Part> => {
  const id = part.type === "file" ? attachmentIdOf(part.url) : null;
  if (part.type !== "file" || id === null) return part;
  const blob = await blobs.get(id);
  if (blob === null) return part;
  const pieces: Uint8Array[] = [];
  for await (const piece of blob.content) pieces.push(piece);
  return { ...part, url: `data:${part.mediaType};base64,${Buffer.concat(pieces).toString("base64")}` };
};

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

const toMessageLine = (row: ExportedMessageRow, parts: Part[]): ExportedMessage => ({
  type: "message",
  id: row.id,
  parentId: row.parent_id,
  role: row.role,
  parts,
  metadata: row.metadata,
  createdAt: row.created_at.toISOString(),
  deletedAt: row.deleted_at?.toISOString() ?? null,
  vote: row.vote === null ? null : { value: row.vote, reason: row.vote_reason },
});

/** The messages of a conversation in order of sequence, a few at a time. */
async function* messagesOf(source: ExportSource, conversationId: string): AsyncGenerator<ExportedMessageRow> {
  const { database, workspaceId, viewerId } = source;
  let after = 0;
  for (;;) {
    const place = { workspaceId, conversationId, viewerId };
    const rows = await listExportedMessages(database, place, { after, limit: pageSize });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.sequence;
  }
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

/** Conversations as JSON lines that import takes again, files within; never more than a few messages in memory. */
export async function* exportLines(
  source: ExportSource,
  conversations: AsyncIterable<ExportedConversationRow>,
): AsyncGenerator<string> {
  yield lineOf({ type: "natter-export", version: exportVersion, exportedAt: new Date().toISOString() });
  for await (const conversation of conversations) {
    yield lineOf(toConversationLine(conversation));
    for await (const message of messagesOf(source, conversation.id)) {
      const parts: Part[] = [];
      for (const part of message.parts) parts.push(await toDataUrl(source.blobs, part));
      yield lineOf(toMessageLine(message, parts));
    }
  }
}
