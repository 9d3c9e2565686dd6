import type { Database } from "../../ports/database.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { ClientCall, OpenQuestionsOf } from "../../protocol/question.ts";
import { listOpenApprovalRows } from "../../store/tools/approval-rows.ts";
import { listOpenClientCalls, type ClientCallRow } from "../../store/tools/client-call-rows.ts";
import { admitTo } from "../open.ts";
import { toApproval } from "./resource.ts";

const toClientCall = (row: ClientCallRow): ClientCall => ({
  id: row.id,
  conversationId: row.conversation_id,
  completionId: row.completion_id,
  callId: row.call_id,
  tool: row.tool,
  input: row.input,
  userId: row.requested_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});

/** What a conversation's answer waits for and can be given now, oldest first. */
export const listOpenQuestions = async (
  database: Database,
  { workspaceId }: Principal,
  conversationId: string,
  permit: Permit,
): Promise<OpenQuestionsOf> => {
  await admitTo(database, { workspaceId, conversationId }, permit);
  const approvals = await listOpenApprovalRows(database, workspaceId, conversationId);
  const clientCalls = await listOpenClientCalls(database, workspaceId, conversationId);
  return { approvals: approvals.map(toApproval), clientCalls: clientCalls.map(toClientCall) };
};
