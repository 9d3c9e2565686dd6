import { publishHint } from "../completions/hints.ts";
import { NatterError } from "../foundation/errors.ts";
import { notFound, type Permit } from "../protocol/people/access.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Conversation } from "../protocol/resources.ts";
import type { Settings } from "../protocol/settings.ts";
import { updateConversation } from "../store/conversation/conversation-rows.ts";
import { revisionOf } from "../store/conversation/revision.ts";
import { openConversation } from "./access.ts";
import { requireAgent, requireModel } from "./sending/choose.ts";
import type { ConversationContext } from "./context.ts";
import { toConversation } from "./resource.ts";

export interface ChangeInput {
  readonly conversationId: string;
  /** The `settingsVersion` that the caller has seen. */
  readonly ifMatch?: number | undefined;
  readonly change: ConversationPatch;
}

/** Absent members stay as they are. */
export interface ConversationPatch {
  readonly title?: string | null | undefined;
  readonly status?: Conversation["status"] | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | null | undefined;
  /** Replaces the settings as a whole. */
  readonly settings?: Settings | undefined;
  readonly visibility?: Conversation["visibility"] | undefined;
  readonly pinned?: boolean | undefined;
}

/** Changes a conversation; from the next send on (A2). */
export const change = async (
  context: ConversationContext,
  principal: Principal,
  { conversationId: id, ifMatch, change: patch }: ChangeInput,
  permit: Permit,
): Promise<Conversation> => {
  const changed = await context.database.transaction(async () => {
    const before = await openConversation(context.database, principal, { id, permit, lock: true });
    if (ifMatch !== undefined && ifMatch !== before.settings_version) {
      throw new NatterError("precondition_failed", "The conversation was changed meanwhile; read it again.", {
        details: { settingsVersion: before.settings_version },
      });
    }
    const after = await updateConversation(context.database, principal.workspaceId, id, {
      ...patch,
      agent: patch.agent === undefined ? undefined : requireAgent(context, patch.agent),
      model: typeof patch.model === "string" ? requireModel(context, principal, patch.model) : patch.model,
    });
    if (after === undefined) throw notFound("conversation");
    return after;
  });
  publishHint(context.signals, revisionOf(changed), { kind: "conversation", id });
  return toConversation(changed);
};
