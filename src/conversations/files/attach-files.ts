import type { Database } from "../../ports/database.ts";
import { notFound } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import {
  findAttachments,
  insertAttachments,
  placeAttachments,
  type AttachmentRow,
  type PlacedAttachmentRow,
} from "../../store/message/attachment-rows.ts";
import { attachmentIdOf, attachmentUrl, namedAttachments } from "./attachments.ts";
import { requireRoom, usualStorage, type StorageLimits } from "./storage.ts";
import type { StoredParts } from "./store-data-files.ts";

export interface AttachTarget {
  readonly principal: Principal;
  readonly conversationId: string;
  /** Absent: as usual. */
  readonly storage?: StorageLimits | undefined;
}

const mayAttach = ({ owner_id, places }: PlacedAttachmentRow, { principal, conversationId }: AttachTarget): boolean =>
  places.some(({ id }) => id === conversationId) ||
  (owner_id === principal.userId && (places.length === 0 || places.some(({ deleted_at }) => deleted_at === null)));

const describe = (part: Part, rows: ReadonlyMap<string, AttachmentRow>): Part => {
  const row = part.type === "file" ? rows.get(attachmentIdOf(part.url) ?? "") : undefined;
  if (row === undefined) return part;
  const { id, media_type: mediaType, file_name: filename } = row;
  return { type: "file", mediaType, ...(filename === null ? {} : { filename }), url: attachmentUrl(id) };
};

/**
 * Gives the files of a message to its conversation, in the transaction that stores the message: rows for those that came
 * with it, and a check that those it names are there and its sender's or the conversation's. Answers the parts to store,
 * with every named file described as it is, not as the caller says.
 * @throws NatterError `not_found` for an attachment that is missing or somebody else's, `insufficient_storage`
 */
export const attachFiles = async (
  database: Database,
  target: AttachTarget,
  { parts, attachments }: StoredParts,
): Promise<readonly Part[]> => {
  const isNew = new Set(attachments.map(({ id }) => id));
  const named = [...new Set(namedAttachments(parts))].filter((id) => !isNew.has(id));
  const { principal, conversationId, storage = usualStorage } = target;
  const place = { workspaceId: principal.workspaceId, conversationId };
  if (attachments.length > 0) {
    const bytes = attachments.reduce((sum, attachment) => sum + attachment.bytes, 0);
    await requireRoom(database, storage, principal.userId, bytes);
    await insertAttachments(database, place, principal.userId, attachments);
  }
  if (named.length === 0) return parts;
  const rows = await findAttachments(database, principal.workspaceId, named);
  if (rows.length < named.length || !rows.every((row) => mayAttach(row, target))) throw notFound("attachment");
  if (!(await placeAttachments(database, place, named))) throw notFound("attachment");
  const byId = new Map(rows.map((row) => [row.id, row]));
  return parts.map((part) => describe(part, byId));
};
