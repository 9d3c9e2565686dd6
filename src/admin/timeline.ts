import type { Database } from "../ports/database.ts";
import { notFound } from "../protocol/people/access.ts";
import type { AdminTimeline } from "../protocol/admin/resources.ts";
import type { Principal } from "../protocol/people/principal.ts";
import {
  listAdminCompletionRows,
  listBareApprovalRows,
  listBareStepRows,
  listLedgerRows,
} from "../store/admin/completion-rows.ts";
import { listToolRunRows } from "../store/admin/tool-run-rows.ts";
import { toCompletion, toToolRun } from "./describe.ts";
import { iso } from "./page.ts";

const mostToolRuns = 200;

/**
 * What happened to a completion of the workspace, and what it cost; nothing of what was said in it.
 * @throws NatterError `not_found`
 */
export const readTimeline = async (
  database: Database,
  principal: Principal,
  completionId: string,
): Promise<AdminTimeline> => {
  const { workspaceId } = principal;
  const key = { workspaceId, completionId };
  const page = { after: undefined, limit: mostToolRuns };
  const [row] = await listAdminCompletionRows(database, { workspaceId, id: completionId }, page);
  if (row === undefined) throw notFound("completion");
  const [steps, calls, runs, approvals] = await Promise.all([
    listBareStepRows(database, key),
    listLedgerRows(database, key),
    listToolRunRows(database, key, page),
    listBareApprovalRows(database, key),
  ]);
  return {
    ...toCompletion(principal)(row),
    steps: steps.map((step) => ({
      step: step.step,
      claim: step.fence,
      finishReason: step.finish_reason,
      createdAt: step.created_at.toISOString(),
    })),
    modelCalls: calls.map((call) => ({
      step: call.step,
      claim: call.fence,
      call: call.call,
      model: call.model,
      inputTokens: call.input_tokens,
      outputTokens: call.output_tokens,
      costMicros: call.cost_micros,
      estimated: call.estimated,
      cached: call.cached,
      createdAt: call.created_at.toISOString(),
    })),
    toolRuns: runs.map(toToolRun),
    approvals: approvals.map((approval) => ({
      id: approval.id,
      tool: approval.tool,
      decision: approval.decision,
      decidedBy: approval.decided_by,
      createdAt: approval.created_at.toISOString(),
      decidedAt: iso(approval.decided_at),
    })),
  };
};
