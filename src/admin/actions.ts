import { authorize, permitOf } from "../auth/authorize.ts";
import { principalOfMember } from "../auth/other-principals.ts";
import { cancelRecorded } from "../completions/cancel.ts";
import { getCompletion } from "../completions/read.ts";
import type { Accepted } from "../conversations/sending/accept.ts";
import type { ConversationContext } from "../conversations/context.ts";
import { regenerate } from "../conversations/sending/regenerate.ts";
import { notFound } from "../protocol/people/access.ts";
import type { AdminCompletion } from "../protocol/admin/resources.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { recordDeed } from "../store/identity/record-deed.ts";
import { listAdminCompletionRows, type AdminCompletionRow } from "../store/admin/completion-rows.ts";
import { toCompletion } from "./describe.ts";

const find = async (
  { database }: ConversationContext,
  { workspaceId }: Principal,
  id: string,
): Promise<AdminCompletionRow> => {
  const [row] = await listAdminCompletionRows(database, { workspaceId, id }, { after: undefined, limit: 1 });
  if (row === undefined) throw notFound("completion");
  return row;
};

/** Cancels a completion of anybody in the workspace; written into the audit log where it ends something. */
export const cancelAsAdmin = async (
  context: ConversationContext,
  principal: Principal,
  completionId: string,
): Promise<AdminCompletion> => {
  const { user_id: subjectId } = await find(context, principal, completionId);
  const deed = { action: "completion.cancel", subjectId, target: completionId };
  await cancelRecorded(context, principal, completionId, {
    permit: () => authorize(principal, "administer", "workspace"),
    record: () => recordDeed(context.database, principal, deed),
  });
  return toCompletion(principal)(await find(context, principal, completionId));
};

/**
 * Answers again what a completion answered, in the name of whoever asked: it is their conversation, and their tools run.
 * Written into the audit log.
 * @throws NatterError `not_found`, also for one who is no member any more; `forbidden` for one who may do more than the caller
 */
export const retryAsAdmin = async (
  context: ConversationContext,
  principal: Principal,
  {
    completionId,
    idempotency,
  }: { readonly completionId: string } & Pick<Parameters<typeof regenerate>[2], "idempotency">,
): Promise<Accepted> => {
  const { database } = context;
  const { user_id: userId } = await find(context, principal, completionId);
  const asker = await principalOfMember(database, principal, userId);
  const permit = permitOf(asker, "send");
  const { conversationId, messageId, agent, model } = await getCompletion(database, asker, completionId, permit);
  const deed = { action: "completion.retry", subjectId: userId, target: completionId };
  const record = (): Promise<void> => recordDeed(database, principal, deed);
  return regenerate(context, asker, { conversationId, messageId, agent, model, idempotency, record }, permit);
};
