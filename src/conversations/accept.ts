import { announceCancel } from "../completions/cancel.ts";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import { notFound, type Permit } from "../protocol/access.ts";
import type { Part } from "../protocol/chunk.ts";
import type { Principal } from "../protocol/principal.ts";
import type { Settings } from "../protocol/settings.ts";
import { insertAcceptance } from "../store/acceptance.ts";
import { findCompletion, requestCancelOfActive } from "../store/completion-rows.ts";
import { findConversation, type ConversationRow } from "../store/conversation-rows.ts";
import { findIdempotencyKey, takeIdempotencyKey } from "../store/idempotency-rows.ts";
import { findMessage } from "../store/message-rows.ts";
import { accessOf } from "./access.ts";
import { chooseAgent } from "./choose.ts";
import type { ConversationContext } from "./context.ts";
import { isUniqueViolation } from "./unique.ts";

export type OnBusy = "queue" | "interrupt" | "reject";

/** What a caller may say about the answer it asks for, however it asks. */
export interface AnswerOptions {
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly settings?: Settings | undefined;
  readonly stream?: boolean | undefined;
  /** What happens when the conversation is at work. */
  readonly onBusy?: OnBusy | undefined;
  /** `hash` is over the canonical JSON of the request: another body under the same key is refused. */
  readonly idempotency?: { readonly key: string; readonly hash: string } | undefined;
}

/** A message that is stored and will be answered. */
export interface Accepted {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly completionId: string;
  readonly messageId: string;
  readonly userMessageId: string | null;
  /** Sequence number of the assistant message. */
  readonly sequence: number;
  /** Whether the caller, or else the conversation, wants the answer as a stream. */
  readonly stream: boolean;
  /** The same request had been accepted before. */
  readonly replayed: boolean;
}

/** What is answered: a new message, or a stored user message again. */
export interface Question {
  readonly userMessage: { readonly id: string; readonly parts: readonly Part[] } | null;
  readonly answers: string | null;
  readonly parentId: string | null | undefined;
}

export interface AcceptInput extends AnswerOptions {
  readonly conversationId: string;
  /** Whether a conversation that is not there is made. */
  readonly mayCreate: boolean;
  /** Decides, with the conversation locked, what is asked; may read and may refuse. */
  readonly ask: (conversation: ConversationRow | undefined) => Promise<Question>;
}

const replay = async (context: ConversationContext, principal: Principal, input: AcceptInput, permit: Permit): Promise<Accepted> => {
  const { database } = context;
  const stored = await findIdempotencyKey(database, scopeOf(principal), input.idempotency?.key ?? "");
  if (stored === undefined) throw new NatterError("unavailable", "The request with this Idempotency-Key failed just now; send it again.", { retryAfter: 1 });
  if (stored.request_hash !== input.idempotency?.hash) {
    throw new NatterError("idempotency_mismatch", "This Idempotency-Key was used for another request; use a new key.");
  }
  const conversation = await findConversation(database, principal.workspaceId, stored.conversation_id);
  const completion = await findCompletion(database, { workspaceId: principal.workspaceId, completionId: stored.completion_id });
  if (conversation === undefined || completion === undefined || conversation.deleted_at !== null) throw notFound("conversation");
  permit(accessOf(conversation));
  const message = await findMessage(database, principal.workspaceId, completion.conversation_id, completion.message_id);
  return {
    workspaceId: principal.workspaceId,
    conversationId: completion.conversation_id,
    completionId: completion.id,
    messageId: completion.message_id,
    userMessageId: completion.user_message_id,
    sequence: message?.sequence ?? 0,
    stream: input.stream ?? conversation.settings.stream ?? true,
    replayed: true,
  };
};

const scopeOf = (principal: Principal): string => `${principal.workspaceId} ${principal.userId}`;

const refuse = async (context: ConversationContext, principal: Principal, conversationId: string, parentId: string | null | undefined): Promise<never> => {
  if (typeof parentId === "string") {
    const parent = await findMessage(context.database, principal.workspaceId, conversationId, parentId);
    if (parent === undefined || parent.deleted_at !== null) throw new NatterError("conflict", "The message to answer to (parentId) is not in this conversation.");
  }
  throw new NatterError("busy", "This conversation is answering already; wait for it, or send with onBusy: queue or interrupt.");
};

const write = async (context: ConversationContext, principal: Principal, input: AcceptInput, permit: Permit): Promise<Accepted> => {
  const { database } = context;
  const { workspaceId, userId } = principal;
  const { conversationId } = input;
  const completionId = createId();
  const messageId = createId();
  if (input.idempotency !== undefined) {
    const { key, hash } = input.idempotency;
    const isTaken = await takeIdempotencyKey(database, { scope: scopeOf(principal), key, requestHash: hash, conversationId, completionId });
    if (!isTaken) return replay(context, principal, input, permit);
  }
  // the worker's rows are locked before the conversation's, as a worker does it: otherwise both could wait for each other
  if (input.onBusy === "interrupt") await requestCancelOfActive(database, workspaceId, conversationId);
  const conversation = await findConversation(database, workspaceId, conversationId, { lock: true });
  if (conversation === undefined && !input.mayCreate) throw notFound("conversation");
  if (conversation !== undefined) {
    permit(accessOf(conversation));
    if (conversation.deleted_at !== null) throw notFound("conversation");
    if (conversation.status === "archived") throw new NatterError("archived", "This conversation is archived; set its status to active before sending.");
  }
  const question = await input.ask(conversation);
  const chosen = chooseAgent(context, input, conversation);
  const sequence = await insertAcceptance(database, {
    workspaceId,
    conversationId,
    completionId,
    messageId,
    requestedBy: userId,
    agent: chosen.agent,
    model: chosen.model,
    settings: chosen.settings,
    ...question,
    isAhead: input.onBusy === "interrupt",
    isRejectedWhenBusy: input.onBusy === "reject",
    create:
      conversation === undefined
        ? { workspaceId, id: conversationId, ownerId: userId, agent: chosen.agent, model: input.model === undefined ? null : chosen.model, settings: input.settings ?? {}, title: null, visibility: "private", pinned: false, temporary: false }
        : null,
  });
  if (sequence === undefined) return refuse(context, principal, conversationId, question.parentId);
  return {
    workspaceId,
    conversationId,
    completionId,
    messageId,
    userMessageId: question.userMessage?.id ?? question.answers,
    sequence,
    stream: input.stream ?? conversation?.settings.stream ?? input.settings?.stream ?? true,
    replayed: false,
  };
};

/**
 * Stores what is asked, the placeholder of its answer and the queued completion in one transaction, then wakes a
 * worker. Throws before anything is stored, or not at all.
 */
export const accept = async (context: ConversationContext, principal: Principal, input: AcceptInput, permit: Permit): Promise<Accepted> => {
  const attempt = (): Promise<Accepted> => context.database.transaction(() => write(context, principal, input, permit));
  const accepted = await attempt().catch((cause: unknown) => {
    // another request made the conversation between our look and our insert
    if (isUniqueViolation(cause, "conversation_pkey")) return attempt();
    throw cause;
  });
  if (!accepted.replayed) {
    const key = { workspaceId: accepted.workspaceId, completionId: accepted.completionId };
    context.queue.push(key);
    if (input.onBusy === "interrupt") await announceCancel(context, accepted.workspaceId, accepted.conversationId);
  }
  return accepted;
};
