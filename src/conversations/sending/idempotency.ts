import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { findCompletion } from "../../store/completion/completion-rows.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import { findIdempotencyKey, takeIdempotencyKey } from "../../store/idempotency-rows.ts";
import { findMessage } from "../../store/message/message-rows.ts";
import type { Accepted, AnswerOptions } from "./accept.ts";
import { accessOf } from "../access.ts";

export interface ReplayInput extends AnswerOptions {
  /** The ids that are given if the request is new. */
  readonly conversationId: string;
  readonly completionId: string;
}

/**
 * What the same request was answered with before (promise 1). Null: it is new, or has no key; its key is taken by this
 * transaction then.
 * @throws NatterError `idempotency_mismatch`
 */
export const findReplay = async (
  database: Database,
  principal: Principal,
  input: ReplayInput,
  permit: Permit,
): Promise<Accepted | null> => {
  if (input.idempotency === undefined) return null;
  const { key, hash } = input.idempotency;
  const scope = `${principal.workspaceId} ${principal.userId}`;
  const isNew = await takeIdempotencyKey(database, {
    scope,
    key,
    requestHash: hash,
    conversationId: input.conversationId,
    completionId: input.completionId,
  });
  if (isNew) return null;
  const stored = await findIdempotencyKey(database, scope, key);
  if (stored === undefined) {
    throw new NatterError("unavailable", "The request with this Idempotency-Key failed just now; send it again.", {
      retryAfter: 1,
    });
  }
  if (stored.request_hash !== hash) {
    throw new NatterError("idempotency_mismatch", "This Idempotency-Key was used for another request; use a new key.");
  }
  return acceptedBefore(database, principal, { ...input, completionId: stored.completion_id }, permit);
};

/** What a completion was accepted as, for somebody who asks for it again. */
export const acceptedBefore = async (
  database: Database,
  principal: Principal,
  input: Pick<ReplayInput, "completionId" | "stream">,
  permit: Permit,
): Promise<Accepted> => {
  const { workspaceId } = principal;
  const completion = await findCompletion(database, { workspaceId, completionId: input.completionId });
  const conversation = completion && (await findConversation(database, workspaceId, completion.conversation_id));
  const message =
    completion && (await findMessage(database, workspaceId, completion.conversation_id, completion.message_id));
  if (completion === undefined || conversation === undefined || message === undefined) throw notFound("conversation");
  permit(accessOf(conversation));
  if (conversation.deleted_at !== null) throw notFound("conversation");
  return {
    workspaceId,
    conversationId: conversation.id,
    completionId: completion.id,
    messageId: completion.message_id,
    userMessageId: completion.user_message_id,
    sequence: message.sequence,
    stream: input.stream ?? completion.settings.stream ?? true,
    replayed: true,
  };
};
