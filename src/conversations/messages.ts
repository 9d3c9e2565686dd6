import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { notFound, type Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Message } from "../protocol/resources.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { releaseAttachments } from "../store/message/attachment-rows.ts";
import { listOpenRows } from "../store/completion/completion-rows.ts";
import { findMessage, tombstoneMessages } from "../store/message/message-rows.ts";
import { findShownMessage, listShownBranch, listShownBySequence } from "../store/message/shown-messages.ts";
import { forgetSummaries } from "../store/conversation/summary-rows.ts";
import { openConversation } from "./access.ts";
import type { ConversationContext } from "./context.ts";
import { toMessage } from "./resource.ts";

export interface MessageQuery {
  readonly conversationId: string;
  /** Sequence numbers above this one. */
  readonly after?: number | undefined;
  /** Sequence numbers below this one, the nearest of them. */
  readonly before?: number | undefined;
  /** Instead of by sequence: upwards from this message, or from the `active` leaf; the page starts at the leaf. */
  readonly branch?: string | undefined;
  readonly limit: number;
}

export interface MessageList {
  /** Oldest first. */
  readonly data: Message[];
  /** With `branch`: the message to go on upwards from. Otherwise: the sequence number to go on from. Null at the end. */
  readonly nextCursor: string | null;
}

const listBranch = async (
  database: Database,
  principal: Principal,
  query: MessageQuery,
  leafId: string | null,
): Promise<MessageList> => {
  if (leafId === null) return { data: [], nextCursor: null };
  const rows = await listShownBranch(
    database,
    {
      workspaceId: principal.workspaceId,
      conversationId: query.conversationId,
      leafId,
      viewerId: principal.userId,
    },
    query.limit,
  );
  if (rows.length === 0) throw notFound("message");
  const live = rows.filter((row) => row.deleted_at === null);
  return { data: live.map(toMessage), nextCursor: rows.length === query.limit ? (rows[0]?.parent_id ?? null) : null };
};

/** Messages by sequence (D8), or the branch that ends in a message, read upwards (A5). */
export const listMessages = async (
  database: Database,
  principal: Principal,
  query: MessageQuery,
  permit: Permit,
): Promise<MessageList> => {
  const conversation = await openConversation(database, principal, { id: query.conversationId, permit });
  if (query.branch !== undefined) {
    return listBranch(
      database,
      principal,
      query,
      query.branch === "active" ? conversation.active_leaf_id : query.branch,
    );
  }
  const page = { after: query.after, before: query.before, limit: query.limit + 1 };
  const { workspaceId, userId: viewerId } = principal;
  const place = { workspaceId, conversationId: query.conversationId, viewerId };
  const rows = await listShownBySequence(database, place, page);
  const isBackwards = query.before !== undefined && query.after === undefined;
  const hasMore = rows.length > query.limit;
  const shown = hasMore ? (isBackwards ? rows.slice(1) : rows.slice(0, query.limit)) : rows;
  const edge = isBackwards ? shown[0] : shown.at(-1);
  return { data: shown.map(toMessage), nextCursor: hasMore && edge !== undefined ? String(edge.sequence) : null };
};

export interface MessageReference {
  readonly conversationId: string;
  readonly messageId: string;
}

export const getMessage = async (
  database: Database,
  principal: Principal,
  reference: MessageReference,
  permit: Permit,
): Promise<Message> => {
  await openConversation(database, principal, { id: reference.conversationId, permit });
  const row = await findShownMessage(database, {
    workspaceId: principal.workspaceId,
    conversationId: reference.conversationId,
    id: reference.messageId,
    viewerId: principal.userId,
  });
  if (row === undefined || row.deleted_at !== null) throw notFound("message");
  return toMessage(row);
};

/** Empties a message and marks it deleted; its number and place stay. Refused while it is written or answered. */
export const removeMessage = async (
  context: ConversationContext,
  principal: Principal,
  reference: MessageReference,
  permit: Permit,
): Promise<void> => {
  const { database, signals } = context;
  const { conversationId, messageId } = reference;
  const revision = await database.transaction(async () => {
    const { owner_id: ownerId } = await openConversation(database, principal, {
      id: conversationId,
      permit,
      lock: true,
    });
    const row = await findMessage(database, principal.workspaceId, conversationId, messageId);
    if (row === undefined || row.deleted_at !== null) throw notFound("message");
    if (ownerId !== principal.userId)
      await recordDeed(database, principal, { action: "message.remove", subjectId: ownerId, target: messageId });
    const open = await listOpenRows(database, principal.workspaceId, conversationId);
    if (open.some(({ message_id, user_message_id }) => [message_id, user_message_id].includes(messageId))) {
      throw new NatterError("conflict", "This message is being answered, or waits for it; stop that first.");
    }
    const emptied = await tombstoneMessages(database, principal.workspaceId, conversationId, [messageId]);
    await forgetSummaries(database, { workspaceId: principal.workspaceId, conversationId });
    await releaseAttachments(database, { workspaceId: principal.workspaceId, conversationId });
    return emptied;
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "message", id: messageId });
};
