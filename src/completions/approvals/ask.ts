import { createHash } from "node:crypto";
import { canonicalJson } from "../../foundation/canonical-json.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { CallApproval } from "../../protocol/approval.ts";
import type { ToolCall } from "../../protocol/agent/tool.ts";
import { insertApproval, isAlwaysAllowed } from "../../store/tools/approval-rows.ts";
import type { Claim } from "../claim.ts";
import { toCallApproval } from "./resource.ts";

/** What stands for an input in a question: equal for equal JSON, whatever the order of its members. */
export const hashInput = (input: unknown): string =>
  createHash("sha256")
    .update(canonicalJson(input ?? null))
    .digest("hex");

/** Whether somebody has allowed this tool before, for the rest of this conversation. */
export const isAllowedBefore = (database: Database, claim: Claim, { tool }: ToolCall): Promise<boolean> =>
  isAlwaysAllowed(database, {
    workspace_id: claim.workspaceId,
    conversation_id: claim.conversationId,
    agent: claim.agent,
    user_id: claim.userId,
    tool,
  });

/** Stores the question whether a call may run, bound to its exact input; once, however often. Undefined: the claim is lost. */
export const recordQuestion = async (
  database: Database,
  claim: Claim,
  call: ToolCall,
  answerWithin: number,
): Promise<CallApproval | undefined> => {
  const row = await insertApproval(
    database,
    { claim, call },
    {
      id: createId(),
      agent: claim.agent,
      inputHash: hashInput(call.input),
      userId: claim.userId,
      conversationId: claim.conversationId,
      answerWithin,
    },
  );
  return row === undefined ? undefined : toCallApproval(row);
};
