import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { accept, unknownParent, type Accepted, type AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "../context.ts";
import { withStoredFiles, type StoredParts } from "../files/store-data-files.ts";
import { isUniqueViolation } from "../unique.ts";

export interface SendInput extends AnswerOptions {
  /** Absent, or of no conversation yet: one is made. */
  readonly conversationId?: string | undefined;
  readonly message: { readonly id?: string | undefined; readonly parts: readonly Part[] };
  /** The message to answer to. Absent: the conversation's active leaf when this message's turn comes. Null: a new root. */
  readonly parentId?: string | null | undefined;
}

const ask = async (
  context: ConversationContext,
  principal: Principal,
  { stored, ...input }: SendInput & { readonly stored: StoredParts },
  permit: Permit,
): Promise<Accepted> => {
  const { parts, attachments } = stored;
  const userMessage = { id: input.message.id ?? createId(), parts };
  const conversationId = input.conversationId ?? createId();
  try {
    return await accept(
      context,
      principal,
      {
        ...input,
        attachments,
        conversationId,
        create: input.conversationId === undefined ? "always" : "if-missing",
        ask: async (conversation) => {
          if (conversation === undefined && typeof input.parentId === "string") throw unknownParent();
          const isOnLeaf = input.parentId === conversation?.active_leaf_id;
          return { userMessage, answers: null, parentId: isOnLeaf ? undefined : input.parentId };
        },
      },
      permit,
    );
  } catch (cause) {
    if (isUniqueViolation(cause, "message_pkey"))
      throw new NatterError("id_taken", "There is a message with this id already; choose another.", { cause });
    throw cause;
  }
};

/** Accepts a message (promise 1): its files, then message, placeholder and queued completion in one transaction. */
export const send = (
  context: ConversationContext,
  principal: Principal,
  input: SendInput,
  permit: Permit,
): Promise<Accepted> =>
  withStoredFiles(context, input.message.parts, (stored) => ask(context, principal, { ...input, stored }, permit));
