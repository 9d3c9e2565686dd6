import { asNatterError, NatterError } from "../../foundation/errors.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { insertMessageAlias } from "../../store/message/message-aliases.ts";
import { findFirstAnswer } from "../../store/message/question-rows.ts";
import type { Accepted, AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "../context.ts";
import { edit } from "./edit.ts";
import { findSame } from "./find-same.ts";
import { acceptedBefore } from "./idempotency.ts";
import { regenerate } from "./regenerate.ts";
import { send } from "./send.ts";
import { findNamed, planSubmit, type Submission, type SubmitPlan } from "./submit-plan.ts";
import { isUniqueViolation } from "../unique.ts";
import { changeWaiting } from "./waiting-sends.ts";

export interface SubmitInput extends Submission, AnswerOptions {}

type Step<Plan extends SubmitPlan = SubmitPlan> = (
  context: ConversationContext,
  principal: Principal,
  input: SubmitInput & { readonly plan: Plan },
  permit: Permit,
) => Promise<Accepted>;

/** Somebody said something between the plan and what was done about it. */
class Overtaken extends NatterError {
  constructor(cause?: unknown) {
    super("conflict", "Somebody else changed this message at the same time; send it again.", { cause });
  }
}

const isOvertaken = (thrown: unknown): boolean =>
  thrown instanceof Overtaken || (thrown instanceof NatterError && isUniqueViolation(thrown.cause, "message_pkey"));

const sendNew: Step<Extract<SubmitPlan, { kind: "send" }>> = (context, principal, { plan, ...input }, permit) =>
  send(context, principal, { ...input, parentId: plan.parentId }, permit);

const replay: Step<Extract<SubmitPlan, { kind: "replay" }>> = async (context, principal, input, permit) => {
  const { conversationId, plan } = input;
  const key = { workspaceId: principal.workspaceId, conversationId, id: plan.messageId };
  const first = await findFirstAnswer(context.database, key);
  // a message that came with a copy of its conversation has no answer yet
  if (first === undefined) return regenerate(context, principal, { ...input, messageId: plan.messageId }, permit);
  return acceptedBefore(context.database, principal, { completionId: first.id, stream: input.stream }, permit);
};

/** A message that still waits is changed in its place; any other gets a sibling, which the client goes on calling by its own id. */
const editKnown: Step<Extract<SubmitPlan, { kind: "edit" }>> = async (context, principal, input, permit) => {
  const { database } = context;
  const { conversationId, message, plan } = input;
  const { parts } = message;
  const { workspaceId } = principal;
  const first = await findFirstAnswer(database, { workspaceId, conversationId, id: plan.messageId });
  if (first?.status === "queued" && !first.regenerates) {
    await changeWaiting(context, principal, { completionId: first.id, parts }, permit).catch((cause: unknown) => {
      // its turn came just now
      throw asNatterError(cause).code === "conflict" ? new Overtaken(cause) : cause;
    });
    return acceptedBefore(database, principal, { completionId: first.id, stream: input.stream }, permit);
  }
  const accepting = async (id: string): Promise<void> => {
    const { messages } = await findNamed(database, principal, { conversationId, id: message.id });
    const newer = messages[0]?.id === plan.messageId ? [] : messages.slice(0, 1);
    if ((await findSame(database, { workspaceId, conversationId }, newer, parts)) !== undefined) throw new Overtaken();
    await insertMessageAlias(database, { workspaceId, conversationId, id }, message.id);
  };
  return edit(context, principal, { ...input, parts, messageId: plan.messageId, accepting }, permit);
};

const carryOut: Step = (context, principal, { plan, ...input }, permit) => {
  switch (plan.kind) {
    case "send":
      return sendNew(context, principal, { ...input, plan }, permit);
    case "replay":
      return replay(context, principal, { ...input, plan }, permit);
    case "edit":
      return editKnown(context, principal, { ...input, plan }, permit);
  }
};

const maxAttempts = 3;

/**
 * Accepts the newest message of a client that keeps the history itself and names messages by its own ids (AI SDK's
 * useChat): sends it, attaches to what it was answered with when it is stored already, or takes it as an edit.
 * @throws NatterError `id_taken`, `conflict`, and what sending throws
 */
export const submit = async (
  context: ConversationContext,
  principal: Principal,
  input: SubmitInput,
  permit: Permit,
): Promise<Accepted> => {
  // most messages are new and follow an answer, which has one name only: nothing has to be looked up first
  const isUsual = !input.isEdit && input.before?.isAnswer !== false;
  let plan: SubmitPlan | undefined = isUsual ? { kind: "send", parentId: input.before?.id } : undefined;
  for (let attempt = 1; ; attempt += 1) {
    plan ??= await planSubmit(context.database, principal, input, permit);
    try {
      return await carryOut(context, principal, { ...input, plan }, permit);
    } catch (thrown) {
      if (attempt === maxAttempts || !isOvertaken(thrown)) throw thrown;
      plan = undefined;
    }
  }
};
