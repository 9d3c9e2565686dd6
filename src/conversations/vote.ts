import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { notFound, type Permit } from "../protocol/access.ts";
import type { Principal } from "../protocol/principal.ts";
import type { Vote } from "../protocol/resources.ts";
import { findMessage } from "../store/message/message-rows.ts";
import { deleteVote, findVote, putVote, type VoteKey } from "../store/conversation/vote-rows.ts";
import { openConversation } from "./access.ts";
import type { ConversationContext } from "./context.ts";
import type { MessageReference } from "./messages.ts";

/** The caller's vote on an answer that is there. */
const openVote = async (
  database: Database,
  principal: Principal,
  { conversationId, messageId }: MessageReference,
  permit: Permit,
): Promise<VoteKey> => {
  const { workspaceId, userId } = principal;
  await openConversation(database, principal, { id: conversationId, permit });
  const row = await findMessage(database, workspaceId, conversationId, messageId);
  if (row === undefined || row.deleted_at !== null) throw notFound("message");
  if (row.role !== "assistant") throw new NatterError("unprocessable", "Only answers are voted on.");
  return { workspaceId, conversationId, id: messageId, userId };
};

const none: Vote = { value: null, reason: null };

/** The caller's own vote on an answer (C8). */
export const getVote = async (
  database: Database,
  principal: Principal,
  reference: MessageReference,
  permit: Permit,
): Promise<Vote> => {
  const row = await findVote(database, await openVote(database, principal, reference, permit));
  return row === undefined ? none : { value: row.value, reason: row.reason };
};

/** Votes on an answer, once per person; null takes the vote back. */
export const vote = async (
  context: ConversationContext,
  principal: Principal,
  { choice, ...reference }: MessageReference & { readonly choice: Vote },
  permit: Permit,
): Promise<void> => {
  const { database, signals } = context;
  const revision = await database.transaction(async () => {
    const key = await openVote(database, principal, reference, permit);
    const { value, reason } = choice;
    return value === null ? deleteVote(database, key) : putVote(database, key, { value, reason });
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "vote", id: reference.messageId });
};
