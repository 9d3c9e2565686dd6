import { authorize, permitOfSend } from "../../auth/authorize.ts";
import { nothingOpen } from "../../completions/approvals/answer-message.ts";
import type { Accepted, AnswerOptions } from "../../conversations/sending/accept.ts";
import type { ConversationContext } from "../../conversations/context.ts";
import { regenerateNamed } from "../../conversations/sending/regenerate-named.ts";
import { submit } from "../../conversations/sending/submit.ts";
import type { AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import type { Principal } from "../../protocol/people/principal.ts";

/** The request of an AI SDK chat transport: a send, an edit, a regenerate, or one of them again. */
export const acceptAiSdkRequest = (
  context: ConversationContext,
  principal: Principal,
  { id: conversationId, messages: { before, last }, trigger, messageId, ...options }: AiSdkRequest,
  idempotency?: AnswerOptions["idempotency"],
): Promise<Accepted> => {
  authorize(principal, "create", "workspace");
  if (last.role === "assistant") throw nothingOpen();
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
