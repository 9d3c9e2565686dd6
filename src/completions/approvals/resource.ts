import type { Approval, CallApproval } from "../../protocol/approval.ts";
import type { ApprovalRow } from "../../store/tools/approval-rows.ts";

/** What the engine has to know of a question. */
export const toCallApproval = ({ id, call_id, decision, reason }: ApprovalRow): CallApproval => ({
  id,
  callId: call_id,
  decision,
  reason,
});

export const toApproval = (row: ApprovalRow): Approval => ({
  id: row.id,
  conversationId: row.conversation_id,
  completionId: row.completion_id,
  callId: row.call_id,
  agent: row.agent,
  tool: row.tool,
  input: row.input,
  userId: row.user_id,
  decision: row.decision,
  reason: row.reason,
  decidedBy: row.decided_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});
