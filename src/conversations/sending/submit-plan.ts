import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import { listNamedRows, type NamedRow } from "../../store/message/message-aliases.ts";
import { accessOf } from "../access.ts";
import { findSame } from "./find-same.ts";

/** A message as a client that keeps the history itself tells it. */
export interface Submission {
  readonly conversationId: string;
  readonly message: { readonly id: string; readonly parts: readonly Part[] };
  /** What the client shows above it. Undefined: the client does not tell. */
  readonly before?: { readonly id: string; readonly isAnswer: boolean } | undefined;
  /** Whether the client means to say a message again in other words. */
  readonly isEdit: boolean;
}

/** What a submission comes to. */
export type SubmitPlan =
  | { readonly kind: "send"; readonly parentId: string | undefined }
  | { readonly kind: "replay"; readonly messageId: string }
  | { readonly kind: "edit"; readonly messageId: string };

/** The user messages that a client may mean by an id, newest first: the one with the id, and the edits of it. */
export const findNamed = async (
  database: Database,
  principal: Principal,
  { conversationId, id }: { readonly conversationId: string; readonly id: string },
): Promise<{ readonly isKnown: boolean; readonly messages: readonly NamedRow[] }> => {
  const rows = await listNamedRows(database, { workspaceId: principal.workspaceId, conversationId, id });
  return {
    isKnown: rows.length > 0,
    messages: rows.filter((row) => row.deleted_at === null && row.role === "user"),
  };
};

const parentOf = async (
  database: Database,
  principal: Principal,
  { conversationId, before }: Submission,
): Promise<string | undefined> => {
  if (before === undefined || before.isAnswer) return before?.id;
  const { messages } = await findNamed(database, principal, { conversationId, id: before.id });
  return messages[0]?.id ?? before.id;
};

/**
 * Whether a submission is new, was made before, or is an edit; by the rows, never by the client's word on the history.
 * @throws NatterError `id_taken` for a known id with other parts that is no edit; what the permit throws
 */
export const planSubmit = async (
  database: Database,
  principal: Principal,
  submission: Submission,
  permit: Permit,
): Promise<SubmitPlan> => {
  const { conversationId, message, before, isEdit } = submission;
  const conversation = await findConversation(database, principal.workspaceId, conversationId);
  if (conversation === undefined) return { kind: "send", parentId: before?.id };
  permit(accessOf(conversation));
  if (conversation.deleted_at !== null) throw notFound("conversation");
  const { isKnown, messages } = await findNamed(database, principal, { conversationId, id: message.id });
  if (!isKnown) return { kind: "send", parentId: await parentOf(database, principal, submission) };
  // an edit says other words than the newest edit; going back to the first words is one as well
  const candidates = isEdit ? messages.slice(0, 1) : messages;
  const place = { workspaceId: principal.workspaceId, conversationId };
  const same = await findSame(database, place, candidates, message.parts);
  if (same !== undefined) return { kind: "replay", messageId: same.id };
  const newest = messages[0];
  if (!isEdit || newest === undefined)
    throw new NatterError("id_taken", "There is a message with this id already; send other words under a new id.");
  return { kind: "edit", messageId: newest.id };
};
