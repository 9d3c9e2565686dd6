import { hash, randomBytes } from "node:crypto";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { NewShare, Share } from "../../protocol/share.ts";
import { isBranchOpen } from "../../store/completion/completion-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import { insertShare, listShares, revokeShare, type ShareRow } from "../../store/conversation/share-rows.ts";
import { openConversation } from "../access.ts";
import { findPlacedMessage } from "../sending/placed-message.ts";

const mostOpen = 50;
const tokenBytes = 16;

/** What is kept of a token. */
export const hashOfToken = (token: string): string => hash("sha256", token, "hex");

const toShare = (row: ShareRow): Share => ({
  id: row.id,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at?.toISOString() ?? null,
  views: row.views,
});

export interface ShareInput {
  readonly conversationId: string;
  /** Absent: the active leaf. */
  readonly messageId?: string | undefined;
  /** Seconds; null: until it is revoked. */
  readonly expiresIn?: number | null | undefined;
}

/** Makes a link to a conversation as it is up to a message; what is said afterwards it does not show (A4). */
export const share = async (
  database: Database,
  principal: Principal,
  { conversationId, messageId, expiresIn = null }: ShareInput,
  permit: Permit,
): Promise<NewShare> => {
  const { workspaceId, userId } = principal;
  const token = randomBytes(tokenBytes).toString("base64url");
  const row = await database.transaction(async () => {
    const conversation = await openConversation(database, principal, { id: conversationId, permit, lock: true });
    if (conversation.temporary) throw new NatterError("conflict", "A temporary conversation can't be shared.");
    const wanted = messageId ?? conversation.active_leaf_id;
    if (wanted === null) throw new NatterError("conflict", "There is nothing to share yet.");
    const leafId = (await findPlacedMessage(database, { workspaceId, conversationId, id: wanted })).id;
    if (await isBranchOpen(database, { workspaceId, conversationId, leafId }))
      throw new NatterError("conflict", "An answer is still being written; share when it has ended.");
    const id = createId();
    const { title, title_by: titleBy } = conversation;
    const made = { workspaceId, conversationId, messageId: leafId, id, title, titleBy, tokenHash: hashOfToken(token) };
    const stored = await insertShare(database, { ...made, createdBy: userId, expiresIn, most: mostOpen });
    if (stored === undefined)
      throw new NatterError("conflict", `A conversation has at most ${mostOpen} links; revoke one first.`);
    await recordDeed(database, principal, { action: "share.create", target: id, details: { conversationId } });
    return stored;
  });
  return { ...toShare(row), token, path: `/shared/${token}` };
};

/** The open links of a conversation, the newest first. */
export const readShares = async (
  database: Database,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<Share[]> => {
  await openConversation(database, principal, { id: conversationId, permit });
  return (await listShares(database, principal.workspaceId, conversationId)).map(toShare);
};

/** Ends a link at once. @throws NatterError `not_found` */
export const revoke = async (
  database: Database,
  principal: Principal,
  { conversationId, shareId }: { readonly conversationId: string; readonly shareId: string },
  permit: Permit,
): Promise<void> => {
  const { workspaceId } = principal;
  await database.transaction(async () => {
    await openConversation(database, principal, { id: conversationId, permit });
    if (!(await revokeShare(database, { workspaceId, conversationId, id: shareId }))) throw notFound("share link");
    await recordDeed(database, principal, { action: "share.revoke", target: shareId, details: { conversationId } });
  });
};
