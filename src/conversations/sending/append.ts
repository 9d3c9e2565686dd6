import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Message } from "../../protocol/resources.ts";
import { findAttachableRow } from "../../store/completion/completion-rows.ts";
import type { ConversationRow } from "../../store/conversation/conversation-rows.ts";
import { appendMessageRow } from "../../store/message/message-rows.ts";
import { tellWebhooks } from "../../store/webhook/tell-webhooks.ts";
import { openConversation } from "../access.ts";
import { attachFiles } from "../files/attach-files.ts";
import type { ConversationContext } from "../context.ts";
import { toMessage } from "../resource.ts";
import { withStoredFiles, type StoredParts } from "../files/store-data-files.ts";
import { isUniqueViolation } from "../unique.ts";

export interface AppendInput {
  readonly conversationId: string;
  readonly message: { readonly id?: string | undefined; readonly parts: readonly Part[] };
  /** Absent: the active leaf. */
  readonly parentId?: string | null | undefined;
}

/** The conversation, locked, if something can be appended to it now. */
const openIdle = async (
  database: Database,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<ConversationRow> => {
  const conversation = await openConversation(database, principal, { id, permit, lock: true });
  if (conversation.status === "archived")
    throw new NatterError("archived", "This conversation is archived; set its status to active before adding to it.");
  if ((await findAttachableRow(database, principal.workspaceId, conversation.id)) !== undefined) {
    throw new NatterError(
      "busy",
      "This conversation is answering; append when it has ended, or send with onBusy: queue.",
    );
  }
  return conversation;
};

const write = async (
  context: ConversationContext,
  principal: Principal,
  input: AppendInput & { readonly stored: StoredParts },
  permit: Permit,
): Promise<Message> => {
  const { database, storage } = context;
  const { workspaceId, userId } = principal;
  try {
    const row = await database.transaction(async () => {
      const { id: conversationId, active_leaf_id: leaf } = await openIdle(
        database,
        principal,
        input.conversationId,
        permit,
      );
      const appended = await appendMessageRow(database, {
        workspaceId,
        conversationId,
        id: input.message.id ?? createId(),
        parentId: input.parentId === undefined ? leaf : input.parentId,
        authorId: userId,
        role: "user",
        parts: await attachFiles(database, { principal, conversationId, storage }, input.stored),
      });
      if (appended === undefined)
        throw new NatterError("conflict", "The message to append to (parentId) is not in this conversation.");
      const facts = { messageId: appended.id };
      await tellWebhooks(database, { workspaceId, conversationId, userId, type: "message.created", facts });
      return appended;
    });
    publishHint(context.signals, row.revision, { kind: "message", id: row.id });
    return toMessage({ ...row, writer: null, vote: null });
  } catch (cause) {
    if (isUniqueViolation(cause, "message_pkey"))
      throw new NatterError("id_taken", "There is a message with this id already; choose another.", { cause });
    throw cause;
  }
};

/** Stores a user message that nothing answers. Refused while the conversation is at work: it would have no certain place. */
export const append = (
  context: ConversationContext,
  principal: Principal,
  input: AppendInput,
  permit: Permit,
): Promise<Message> =>
  withStoredFiles(context, input.message.parts, (stored) => write(context, principal, { ...input, stored }, permit));
