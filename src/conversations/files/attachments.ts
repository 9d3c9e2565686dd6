import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { findAttachments, type AttachmentRow } from "../../store/message/attachment-rows.ts";

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
      // of a conversation that the caller may not see nothing is said, not even that it shows this file
      if (!(thrown instanceof NatterError && thrown.code === "not_found")) refusal = thrown;
    }
  }
  throw refusal;
};
