import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import type { Database } from "../ports/database.ts";
import { notFound, type Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Vote } from "../protocol/resources.ts";
import { findMessage } from "../store/message/message-rows.ts";
import { deleteVote, findVote, putVote, type VoteKey } from "../store/conversation/vote-rows.ts";
import { tellWebhooks } from "../store/webhook/tell-webhooks.ts";
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

/** Stores what a person says of an answer, or takes it back. Undefined: there was nothing to take back. */
const record = async (database: Database, key: VoteKey, { value, reason }: Vote) => {
  const before = await findVote(database, key);
  const revision = value === null ? await deleteVote(database, key) : await putVote(database, key, { value, reason });
  const { workspaceId, conversationId, id: messageId, userId } = key;
  const type = value === null ? "vote.removed" : before === undefined ? "vote.created" : "vote.updated";
  if (revision !== undefined)
    await tellWebhooks(database, { workspaceId, conversationId, userId, type, facts: { messageId, userId } });
  return revision;
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
    return record(database, key, choice);
  });
  if (revision !== undefined) publishHint(signals, revision, { kind: "vote", id: reference.messageId });
};
