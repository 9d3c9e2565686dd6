import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Conversation } from "../protocol/resources.ts";
import type { Settings } from "../protocol/settings.ts";
import { insertConversation } from "../store/conversation/conversation-rows.ts";
import { revisionOf } from "../store/conversation/revision.ts";
import { defaultAgentOf, requireAgent, requireModel } from "./sending/choose.ts";
import type { ConversationContext } from "./context.ts";
import { toConversation } from "./resource.ts";
import { isUniqueViolation } from "./unique.ts";

export interface CreateInput {
  readonly id?: string | undefined;
  readonly title?: string | null | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | null | undefined;
  readonly settings?: Settings | undefined;
  readonly visibility?: Conversation["visibility"] | undefined;
  readonly pinned?: boolean | undefined;
  readonly temporary?: boolean | undefined;
}

/** Makes an empty conversation, owned by the caller (A1). */
export const create = async (
  context: ConversationContext,
  principal: Principal,
  input: CreateInput,
): Promise<Conversation> => {
  const conversation = {
    workspaceId: principal.workspaceId,
    id: input.id ?? createId(),
    ownerId: principal.userId,
    agent: requireAgent(context, input.agent ?? defaultAgentOf(context, principal)),
    model: typeof input.model === "string" ? requireModel(context, principal, input.model) : null,
    settings: input.settings ?? {},
    title: input.title ?? null,
    visibility: input.visibility ?? "private",
    pinned: input.pinned ?? false,
    temporary: input.temporary ?? false,
  };
  try {
    const row = await insertConversation(context.database, conversation);
    publishHint(context.signals, revisionOf(row), { kind: "conversation", id: row.id });
    return toConversation(row);
  } catch (cause) {
    if (isUniqueViolation(cause, "conversation_pkey"))
      throw new NatterError("id_taken", "There is a conversation with this id already; choose another.", { cause });
    throw cause;
  }
};
