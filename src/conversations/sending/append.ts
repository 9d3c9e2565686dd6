import { publishHint } from "../../completions/hints.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Permit } from "../../protocol/access.ts";
import type { Part } from "../../protocol/chunk.ts";
import type { Principal } from "../../protocol/principal.ts";
import type { Message } from "../../protocol/resources.ts";
import { findAttachableRow } from "../../store/completion/completion-rows.ts";
import { appendMessageRow } from "../../store/message/message-rows.ts";
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

const write = async (
  context: ConversationContext,
  principal: Principal,
  input: AppendInput & { readonly stored: StoredParts },
  permit: Permit,
): Promise<Message> => {
  const { database } = context;
  try {
    const row = await database.transaction(async () => {
      const conversation = await openConversation(database, principal, {
        id: input.conversationId,
        permit,
        lock: true,
      });
      if (conversation.status === "archived")
        throw new NatterError(
          "archived",
          "This conversation is archived; set its status to active before adding to it.",
        );
      if ((await findAttachableRow(database, principal.workspaceId, conversation.id)) !== undefined) {
        throw new NatterError(
          "busy",
          "This conversation is answering; append when it has ended, or send with onBusy: queue.",
        );
      }
      const appended = await appendMessageRow(database, {
        workspaceId: principal.workspaceId,
        conversationId: conversation.id,
        id: input.message.id ?? createId(),
        parentId: input.parentId === undefined ? conversation.active_leaf_id : input.parentId,
        authorId: principal.userId,
        role: "user",
        parts: await attachFiles(
          database,
          { principal, conversationId: conversation.id, storage: context.storage },
          input.stored,
        ),
      });
      if (appended === undefined)
        throw new NatterError("conflict", "The message to append to (parentId) is not in this conversation.");
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
