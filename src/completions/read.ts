import type { Database } from "../ports/database.ts";
import type { Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Completion } from "../protocol/resources.ts";
import { findAttachableRow, listCompletionRows } from "../store/completion/completion-rows.ts";
import { findMessage } from "../store/message/message-rows.ts";
import { admitTo, openCompletion } from "./open.ts";
import { toCompletion } from "./resource.ts";

export const getCompletion = async (
  database: Database,
  principal: Principal,
  completionId: string,
  permit: Permit,
): Promise<Completion> => toCompletion(await openCompletion(database, principal, completionId, permit));

/** The newest 100 of a conversation, newest first. */
export const listCompletions = async (
  database: Database,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<Completion[]> => {
  await admitTo(database, { workspaceId: principal.workspaceId, conversationId }, permit);
  return (await listCompletionRows(database, principal.workspaceId, conversationId, 100)).map(toCompletion);
};

/** What a viewer must know to attach to a completion. */
export interface Attachable {
  readonly workspaceId: string;
  readonly conversationId: string;
  readonly completionId: string;
  readonly messageId: string;
  readonly userMessageId: string | null;
  /** Sequence number of the assistant message. */
  readonly sequence: number;
  readonly status: Completion["status"];
}

/** The completion at work in a conversation, else the first in its queue, else null. */
export const findAttachable = async (
  database: Database,
  principal: Principal,
  conversationId: string,
  permit: Permit,
): Promise<Attachable | null> => {
  await admitTo(database, { workspaceId: principal.workspaceId, conversationId }, permit);
  const row = await findAttachableRow(database, principal.workspaceId, conversationId);
  if (row === undefined) return null;
  const message = await findMessage(database, row.workspace_id, row.conversation_id, row.message_id);
  return {
    workspaceId: row.workspace_id,
    conversationId: row.conversation_id,
    completionId: row.id,
    messageId: row.message_id,
    userMessageId: row.user_message_id,
    sequence: message?.sequence ?? 0,
    status: row.status,
  };
};
