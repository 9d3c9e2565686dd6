import { announceCancel } from "../../completions/cancel.ts";
import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { NewAttachment } from "../../store/message/attachment-rows.ts";
import { findFullCap, insertAcceptance, type Acceptance } from "../../store/message/acceptance.ts";
import { requestCancelOfActive } from "../../store/completion/completion-rows.ts";
import { findConversation, type ConversationRow } from "../../store/conversation/conversation-rows.ts";
import { findMessage } from "../../store/message/message-rows.ts";
import { accessOf } from "../access.ts";
import { attachFiles, type AttachTarget } from "../files/attach-files.ts";
import { chooseAgent, type Choice } from "./choose.ts";
import type { ConversationContext } from "../context.ts";
import { findReplay } from "./idempotency.ts";
import { forgetFiles } from "../files/store-data-files.ts";
import { isUniqueViolation } from "../unique.ts";

export type OnBusy = "queue" | "interrupt" | "reject";

/** What a caller may say about the answer it asks for, however it asks. */
export interface AnswerOptions {
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly settings?: Settings | undefined;
  /** Where neither the conversation nor this request sets anything. */
  readonly defaults?: Settings | undefined;
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
  /** The stored user message that is answered again. */
  readonly answers: string | null;
  /** Undefined: the leaf that it finds when its turn comes. */
  readonly parentId: string | null | undefined;
}

export interface AcceptInput extends AnswerOptions {
  readonly conversationId: string;
  /** Whether the conversation is made: never, if it is not there, or always, because its id is new. */
  readonly create: "never" | "if-missing" | "always";
  /** Decides, with the conversation locked, what is asked; may read and may refuse. */
  readonly ask: (conversation: ConversationRow | undefined) => Promise<Question>;
  /** Files that came with the message and are stored already. */
  readonly attachments?: readonly NewAttachment[] | undefined;
}

const admit = (conversation: ConversationRow | undefined, create: AcceptInput["create"], permit: Permit): void => {
  if (conversation === undefined) {
    if (create === "never") throw notFound("conversation");
    return;
  }
  permit(accessOf(conversation));
  if (conversation.deleted_at !== null) throw notFound("conversation");
  if (conversation.status === "archived") {
    throw new NatterError("archived", "This conversation is archived; set its status to active before sending.");
  }
};

export const unknownParent = (): NatterError =>
  new NatterError(
    "conflict",
    "The message that this one follows (parentId) is not stored in this conversation; send that one again, or load the conversation anew.",
  );

const comeBackSeconds = 5;

const refuseWithoutRoom = async ({ database, caps }: ConversationContext, acceptance: Acceptance): Promise<void> => {
  const full = caps === undefined ? null : await findFullCap(database, acceptance, caps);
  if (caps === undefined || full === null) return;
  const message =
    full === "waitingSends"
      ? `${caps.waitingSends} messages wait in this conversation already; wait for an answer, or remove some.`
      : `${caps.openPerUser} of your messages wait for answers already; wait for some, or cancel them.`;
  throw new NatterError("rate_limited", message, { retryAfter: comeBackSeconds });
};

const refuse = async (context: ConversationContext, acceptance: Acceptance): Promise<never> => {
  const { database } = context;
  const { workspaceId, conversationId, parentId } = acceptance;
  const parent =
    typeof parentId === "string" ? await findMessage(database, workspaceId, conversationId, parentId) : null;
  if (parent === undefined || (parent !== null && parent.deleted_at !== null)) {
    throw unknownParent();
  }
  await refuseWithoutRoom(context, acceptance);
  throw new NatterError(
    "busy",
    "This conversation is answering already; wait for it, or send with onBusy: queue or interrupt.",
  );
};

const newConversation = (principal: Principal, input: AcceptInput, chosen: Choice): Acceptance["create"] => ({
  workspaceId: principal.workspaceId,
  id: input.conversationId,
  ownerId: principal.userId,
  agent: chosen.agent,
  model: input.model === undefined ? null : chosen.model,
  settings: input.settings ?? {},
  title: null,
  visibility: "private",
  pinned: false,
  temporary: false,
});

interface Written {
  readonly accepted: Accepted;
  /** Null for a replay: nothing was written. */
  readonly revision: ConversationRevision | null;
}

/** The question with its files given to the conversation. */
const withFiles = async (
  { database, storage }: ConversationContext,
  target: AttachTarget,
  { attachments = [] }: AcceptInput,
  question: Question,
): Promise<Question> => {
  if (question.userMessage === null) return question;
  const { id, parts } = question.userMessage;
  return {
    ...question,
    userMessage: { id, parts: await attachFiles(database, { ...target, storage }, { parts, attachments }) },
  };
};

const write = async (
  context: ConversationContext,
  principal: Principal,
  input: AcceptInput,
  permit: Permit,
): Promise<Written> => {
  const { database } = context;
  const { workspaceId } = principal;
  const ids = { workspaceId, conversationId: input.conversationId, completionId: createId(), messageId: createId() };
  const replay = await findReplay(database, principal, { ...input, ...ids }, permit);
  if (replay !== null) return { accepted: replay, revision: null };
  const interrupt = async (): Promise<void> => {
    if (input.onBusy === "interrupt")
      await requestCancelOfActive(database, workspaceId, input.conversationId, principal.userId);
  };
  // before the conversation is locked, in the order in which workers lock, and again for what came in between
  await interrupt();
  const isNew = input.create === "always";
  const conversation = isNew
    ? undefined
    : await findConversation(database, workspaceId, input.conversationId, { lock: true });
  admit(conversation, input.create, permit);
  await interrupt();
  const target = { principal, conversationId: input.conversationId };
  const question = await withFiles(context, target, input, await input.ask(conversation));
  const chosen = chooseAgent(context, principal, { options: input, conversation });
  const acceptance: Acceptance = {
    ...ids,
    ...question,
    ...chosen,
    requestedBy: principal.userId,
    keyId: principal.keyId,
    isAhead: input.onBusy === "interrupt",
    isRejectedWhenBusy: input.onBusy === "reject",
    caps: context.caps ?? null,
    create: conversation === undefined ? newConversation(principal, input, chosen) : null,
  };
  const row = await insertAcceptance(database, acceptance);
  if (row === undefined) return refuse(context, acceptance);
  const { sequence, revision } = row;
  const stream = input.stream ?? chosen.settings.stream ?? true;
  const userMessageId = question.userMessage?.id ?? question.answers;
  return { accepted: { ...ids, userMessageId, sequence, stream, replayed: false }, revision };
};

/**
 * Stores what is asked, the placeholder of its answer and the queued completion in one transaction, then wakes a
 * worker. Throws before anything is stored, or not at all.
 */
export const accept = async (
  context: ConversationContext,
  principal: Principal,
  input: AcceptInput,
  permit: Permit,
): Promise<Accepted> => {
  if (context.assertAccepting !== undefined) await context.assertAccepting();
  const attempt = (): Promise<Written> => context.database.transaction(() => write(context, principal, input, permit));
  const { accepted, revision } = await attempt().catch((cause: unknown) => {
    // another request made the conversation between our look and our insert
    if (isUniqueViolation(cause, "conversation_pkey")) return attempt();
    throw cause;
  });
  if (revision === null) {
    await forgetFiles(context.blobs, input.attachments ?? []);
    return accepted;
  }
  context.onAccepted?.(accepted);
  context.queue.push({ workspaceId: accepted.workspaceId, completionId: accepted.completionId });
  publishHint(context.signals, revision, { kind: "completion", id: accepted.completionId });
  if (input.onBusy === "interrupt") await announceCancel(context, accepted.workspaceId, accepted.conversationId);
  return accepted;
};
