import { NatterError } from "../../foundation/errors.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { accept, type Accepted, type AnswerOptions } from "./accept.ts";
import type { ConversationContext } from "../context.ts";
import { findPlacedMessage } from "./placed-message.ts";

export interface RegenerateInput extends AnswerOptions {
  readonly conversationId: string;
  /** The user message to answer again, or one of its answers. Absent: the last of the active branch. */
  readonly messageId?: string | undefined;
  /** Called in the transaction that accepts it; not for a replay. */
  readonly record?: (() => Promise<void>) | undefined;
}

/** Answers a stored user message again: a sibling of its other answers (N4). Interrupts what is at work, unless told otherwise. */
export const regenerate = (
  context: ConversationContext,
  principal: Principal,
  input: RegenerateInput,
  permit: Permit,
): Promise<Accepted> =>
  accept(
    context,
    principal,
    {
      ...input,
      onBusy: input.onBusy ?? "interrupt",
      create: "never",
      ask: async (conversation) => {
        const id = input.messageId ?? conversation?.active_leaf_id;
        if (typeof id !== "string") throw notFound("message");
        const message = await findPlacedMessage(context.database, {
          workspaceId: principal.workspaceId,
          conversationId: input.conversationId,
          id,
        });
        const answers = message.role === "user" ? message.id : message.parent_id;
        if (answers === null)
          throw new NatterError("unprocessable", "This message answers none that could be answered again.");
        await input.record?.();
        return { userMessage: null, answers, parentId: undefined };
      },
    },
    permit,
  );
