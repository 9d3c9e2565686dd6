import { authorize, permitOfSend } from "../../auth/authorize.ts";
import type { Accepted, AnswerOptions } from "../../conversations/accept.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { regenerateNamed } from "../../conversations/regenerate-named.ts";
import { submit } from "../../conversations/submit.ts";
import { NatterError } from "../../foundation/errors.ts";
import { aiSdkRequestSchema, type AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import type { Principal } from "../../protocol/principal.ts";
import { asSentenceError } from "./sentence-error.ts";

/** Whether a body of `POST /v1/chat` is AI SDK's. */
export const isAiSdkBody = (json: unknown): boolean =>
  typeof json === "object" && json !== null && !Array.isArray(json) && Object.hasOwn(json, "messages");

const parse = (json: unknown): AiSdkRequest => {
  const parsed = aiSdkRequestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join(".") ?? "";
  throw new NatterError(
    "unprocessable",
    `This message cannot be taken: ${place === "" ? "the body" : place} ${issue?.message ?? "is not valid"}.`,
  );
};

const decide = (
  context: ConversationContext,
  principal: Principal,
  { id: conversationId, messages: { before, last }, trigger, messageId, ...options }: AiSdkRequest,
  idempotency: AnswerOptions["idempotency"],
): Promise<Accepted> => {
  if (last.role === "assistant") {
    throw new NatterError(
      "conflict",
      "Nothing in this answer waits for a decision or a result; send a message, or regenerate the answer.",
    );
  }
  const permit = permitOfSend(principal);
  const input = {
    ...options,
    conversationId,
    message: last,
    before: before === undefined ? undefined : { id: before.id, isAnswer: before.role === "assistant" },
    // whatever the conversation's setting says: chat transports read nothing but streams
    stream: true,
    idempotency,
  };
  return trigger === "regenerate-message"
    ? regenerateNamed(context, principal, { ...input, answerId: messageId ?? undefined }, permit)
    : submit(context, principal, { ...input, isEdit: messageId === last.id }, permit);
};

/**
 * Accepts the body of an AI SDK chat transport (`{ id, messages, trigger, messageId, … }`) that has passed the gate for
 * JSON: a send, an edit, a regenerate, or one of them again.
 * @throws SentenceError before anything is stored, or not at all
 */
export const acceptAiSdkBody = async (
  context: ConversationContext,
  principal: Principal,
  json: unknown,
  idempotency?: AnswerOptions["idempotency"],
): Promise<Accepted> => {
  try {
    authorize(principal, "create", "workspace");
    return await decide(context, principal, parse(json), idempotency);
  } catch (thrown) {
    throw asSentenceError(thrown);
  }
};
