import type { Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { NamedRow } from "../../store/message/message-aliases.ts";
import { findMessage, type MessageRow } from "../../store/message/message-rows.ts";
import type { Accepted, AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "../context.ts";
import { findSame } from "./find-same.ts";
import { regenerate } from "./regenerate.ts";
import { submit } from "./submit.ts";
import { findNamed, type Submission } from "./submit-plan.ts";

export interface RegenerateNamedInput extends Omit<Submission, "isEdit">, AnswerOptions {
  /** The answer that the client wants another one for, if it says. */
  readonly answerId?: string | undefined;
}

const isAnswerTo = (answer: MessageRow | undefined, messages: readonly NamedRow[]): boolean =>
  answer?.role === "assistant" && messages.some(({ id }) => id === answer.parent_id);

/**
 * Answers the last message of a client's history again. Where its id means several messages (it was edited), that is
 * the one whose answer is named, else the one with the same words, else the newest. A message that never came to be
 * stored, because the request that brought it failed, is sent now.
 */
export const regenerateNamed = async (
  context: ConversationContext,
  principal: Principal,
  input: RegenerateNamedInput,
  permit: Permit,
): Promise<Accepted> => {
  const { database } = context;
  const { conversationId, message, answerId } = input;
  const { isKnown, messages } = await findNamed(database, principal, { conversationId, id: message.id });
  if (!isKnown) return submit(context, principal, { ...input, isEdit: false }, permit);
  const { workspaceId } = principal;
  const answer =
    answerId === undefined ? undefined : await findMessage(database, workspaceId, conversationId, answerId);
  if (isAnswerTo(answer, messages)) return regenerate(context, principal, { ...input, messageId: answerId }, permit);
  const isPlain = messages.length === 1;
  const same = isPlain ? undefined : await findSame(database, { workspaceId, conversationId }, messages, message.parts);
  const messageId = same?.id ?? messages[0]?.id ?? message.id;
  return regenerate(context, principal, { ...input, messageId }, permit);
};
