import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Permit } from "../protocol/access.ts";
import type { Part } from "../protocol/chunk.ts";
import type { Principal } from "../protocol/principal.ts";
import { accept, type Accepted, type AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "./context.ts";
import { findPlacedMessage } from "./placed-message.ts";

export interface EditInput extends AnswerOptions {
  readonly conversationId: string;
  readonly messageId: string;
  readonly parts: readonly Part[];
}

/** Says a user message again in other words: a sibling of it, with an answer of its own (N4). Interrupts what is at work, unless told otherwise. */
export const edit = (
  context: ConversationContext,
  principal: Principal,
  input: EditInput,
  permit: Permit,
): Promise<Accepted> =>
  accept(
    context,
    principal,
    {
      ...input,
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
        return { userMessage: { id: createId(), parts: input.parts }, answers: null, parentId: message.parent_id };
      },
    },
    permit,
  );
