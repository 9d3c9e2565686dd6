import { NatterError } from "../../foundation/errors.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Approval, Decision } from "../../protocol/approval.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import { findApprovalRow, type ApprovalRow } from "../../store/tools/approval-rows.ts";
import { findCompletion } from "../../store/completion/completion-rows.ts";
import type { CompletionContext } from "../context.ts";
import { admitTo } from "../open.ts";
import { announceAnswer } from "./announce.ts";
import { recordDecisions } from "./record-decisions.ts";
import { toApproval } from "./resource.ts";
import { settle, takesAnswers } from "./settle.ts";

export interface DecideInput {
  readonly approvalId: string;
  readonly decision: Decision;
  /** Told to the model, and shown. */
  readonly reason: string | null;
}

export const noLongerOpen = (): NatterError =>
  new NatterError(
    "conflict",
    "This question is not open any more: it was decided, its time is over, or its answer has ended.",
  );

/** The question, if it is there and its conversation's permit lets it pass. */
export const openApproval = async (
  context: Pick<CompletionContext, "database">,
  { workspaceId }: Principal,
  approvalId: string,
  permit: Permit,
): Promise<ApprovalRow> => {
  const row = await findApprovalRow(context.database, workspaceId, approvalId);
  if (row === undefined) throw notFound("approval");
  await admitTo(context.database, { workspaceId, conversationId: row.conversation_id }, permit, "approval");
  return row;
};

/** The question as it stands. */
export const getApproval = async (
  context: CompletionContext,
  principal: Principal,
  approvalId: string,
  permit: Permit,
): Promise<Approval> => toApproval(await openApproval(context, principal, approvalId, permit));

/**
 * Decides a question, once: the same decision of the same person again changes nothing and answers the same.
 * @throws NatterError `conflict` for one that is decided otherwise, expired, or whose completion has ended
 */
export const decide = async (
  context: CompletionContext,
  principal: Principal,
  { approvalId, decision, reason }: DecideInput,
  permit: Permit,
): Promise<Approval> => {
  const { database } = context;
  const asked = await openApproval(context, principal, approvalId, permit);
  const key = { workspaceId: principal.workspaceId, completionId: asked.completion_id };
  const decided = await database.transaction(async (): Promise<ConversationRevision | null> => {
    const completion = await findCompletion(database, key, { lock: true });
    const now = await openApproval(context, principal, approvalId, permit);
    if (now.decision === decision && now.decided_by === principal.userId) return null;
    if (completion === undefined || !takesAnswers(completion)) throw noLongerOpen();
    const answer = { kind: "approval", id: approvalId, decision, decidedBy: principal.userId, reason } as const;
    const revision = await settle(database, key, [answer]);
    if (revision === null) throw noLongerOpen();
    await recordDecisions(database, principal, revision, [answer]);
    return revision;
  });
  if (decided !== null) announceAnswer(context.signals, key, decided);
  return toApproval((await findApprovalRow(database, key.workspaceId, approvalId)) ?? asked);
};
