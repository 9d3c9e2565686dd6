import { NatterError } from "../../foundation/errors.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { findConversation } from "../../store/conversation/conversation-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import { revokeApprovalRow } from "../../store/tools/approval-rows.ts";
import type { CompletionContext } from "../context.ts";
import { openApproval } from "./decide.ts";

/**
 * Takes an `always` back: calls of that tool that come from now on are asked for again; again, it changes nothing. In
 * another's conversation it stands in the audit log.
 * @throws NatterError `not_found`; `conflict` for a question that was not answered with `always`
 */
export const revokeAlways = async (
  { database }: CompletionContext,
  principal: Principal,
  approvalId: string,
  permit: Permit,
): Promise<void> => {
  const { workspaceId, userId } = principal;
  await database.transaction(async () => {
    const { decision, conversation_id: id } = await openApproval({ database }, principal, approvalId, permit);
    if (decision !== "always")
      throw new NatterError("conflict", "Only what was allowed always can be taken back; this was not.");
    if (!(await revokeApprovalRow(database, { workspaceId, id: approvalId, by: userId }))) return;
    const owner = (await findConversation(database, workspaceId, id))?.owner_id;
    if (owner === userId && principal.actorId === undefined) return;
    await recordDeed(database, principal, { action: "approval.revoke", subjectId: owner ?? null, target: approvalId });
  });
};
