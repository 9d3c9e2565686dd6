import { buffer } from "node:stream/consumers";
import type { BlobStore } from "../ports/blob-store.ts";
import type { Database } from "../ports/database.ts";
import { notFound, type Permit } from "../protocol/access.ts";
import type { Part } from "../protocol/chunk.ts";
import type { Principal } from "../protocol/principal.ts";
import { findAttachments, type AttachmentPlace, type AttachmentRow } from "../store/attachment-rows.ts";

const urlPattern = /^(?:\/[A-Za-z0-9._~-]+)*\/v1\/attachments\/([A-Za-z0-9_-]{12,64})$/;

/** Where an attachment is read, below Natter's mount. */
export const attachmentUrl = (id: string): string => `/v1/attachments/${id}`;

/** The attachment that a URL names, with or without a mount before it; null for any other URL. */
export const attachmentIdOf = (url: string): string | null => urlPattern.exec(url)?.[1] ?? null;

/** The attachments that parts name. */
export const namedAttachments = (parts: readonly Part[]): string[] =>
  parts.flatMap((part) => (part.type === "file" ? (attachmentIdOf(part.url) ?? []) : []));

/**
 * An attachment that the caller may read: one of the conversations that show it lets it pass, or nothing shows it yet and
 * the caller stored it.
 * @throws NatterError `not_found`
 */
export const openAttachment = async (
  database: Database,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<AttachmentRow> => {
  const [row] = await findAttachments(database, principal.workspaceId, [id]);
  let refusal: unknown = notFound("attachment");
  if (row === undefined) throw refusal;
  if (row.places.length === 0 && row.owner_id === principal.userId) return row;
  for (const { owner_id: ownerId, visibility, deleted_at: deletedAt } of row.places) {
    try {
      permit({ workspaceId: row.workspace_id, ownerId, visibility, deletedAt });
      return row;
    } catch (thrown) {
      refusal = thrown;
    }
  }
  throw refusal;
};

/** An attachment as a model is shown it. */
export interface AttachmentContent {
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** What is in attachments of a conversation, by id; without those that it does not show, or whose bytes are gone. */
export const readAttachments = async (
  { database, blobs }: { readonly database: Database; readonly blobs: BlobStore },
  { workspaceId, conversationId }: AttachmentPlace,
  ids: readonly string[],
): Promise<Map<string, AttachmentContent>> => {
  const found = new Map<string, AttachmentContent>();
  if (ids.length === 0) return found;
  for (const row of await findAttachments(database, workspaceId, ids)) {
    if (!row.places.some(({ id }) => id === conversationId)) continue;
    const blob = await blobs.get(row.id);
    if (blob === null) continue;
    found.set(row.id, { mediaType: row.media_type, content: await buffer(blob.content) });
  }
  return found;
};
