import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { accept, type Accepted, type AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "../context.ts";
import { findPlacedMessage } from "./placed-message.ts";
import { withStoredFiles } from "../files/store-data-files.ts";

export interface EditInput extends AnswerOptions {
  readonly conversationId: string;
  readonly messageId: string;
  readonly parts: readonly Part[];
  /** Called with the id of the new message before it is stored, in the same transaction, with the conversation locked; may refuse. */
  readonly accepting?: ((id: string) => Promise<void>) | undefined;
}

/** Says a user message again in other words: a sibling of it, with an answer of its own (N4). Interrupts what is at work, unless told otherwise. */
export const edit = (
  context: ConversationContext,
  principal: Principal,
  input: EditInput,
  permit: Permit,
): Promise<Accepted> =>
  withStoredFiles(context, input.parts, ({ parts, attachments }) =>
    accept(
      context,
      principal,
      {
        ...input,
        attachments,
        onBusy: input.onBusy ?? "interrupt",
        create: "never",
        ask: async () => {
          const message = await findPlacedMessage(context.database, {
            workspaceId: principal.workspaceId,
            conversationId: input.conversationId,
            id: input.messageId,
          });
          if (message.role !== "user")
            throw new NatterError("unprocessable", "Only a user message can be edited; regenerate an answer instead.");
          const id = createId();
          await input.accepting?.(id);
          return { userMessage: { id, parts }, answers: null, parentId: message.parent_id };
        },
      },
      permit,
    ),
  );
