import { hashInput, isAllowedBefore, recordQuestion } from "../../completions/approvals/ask.ts";
import { isAllowed, type CallApproval } from "../../protocol/approval.ts";
import type { CallOutcome, Tool, ToolCall, ToolContext } from "../../protocol/agent/tool.ts";
import { reasonOf } from "../../tools/answered-parts.ts";
import type { Permission } from "../../tools/execution.ts";
import { ClaimLost } from "../claim/claim-lost.ts";
import { persist } from "../claim/persist.ts";
import type { TurnOptions } from "../turn.ts";

/** Whether a call may run: on the strength of a decision, or without one (`permission` is absent); not; or not yet. */
export type Answer =
  | { readonly type: "allowed"; readonly permission?: Permission }
  | { readonly type: "denied"; readonly outcome: CallOutcome }
  | { readonly type: "open"; readonly approval: CallApproval };

const answerOf = (approval: CallApproval, call: ToolCall): Answer => {
  if (approval.decision === null) return { type: "open", approval };
  if (!isAllowed(approval.decision)) return { type: "denied", outcome: { type: "denied", reason: reasonOf(approval) } };
  return { type: "allowed", permission: { approvalId: approval.id, inputHash: hashInput(call.input) } };
};

const isAskedFor = async (options: TurnOptions, tool: Tool, input: unknown, context: ToolContext): Promise<boolean> => {
  const { claim, dependencies } = options;
  try {
    return await tool.needsApproval(input, context);
  } catch (err) {
    const { completionId } = claim;
    dependencies.logger.error(
      { err, completionId, callId: context.callId },
      "whether to ask failed; a person is asked",
    );
    return true;
  }
};

/** Asks a person whether a call may run, unless that was asked before, is not wanted, or was allowed for good. */
export const askPerson = async (
  options: TurnOptions,
  { tool, call, input, context }: { tool: Tool; call: ToolCall; input: unknown; context: ToolContext },
): Promise<Answer> => {
  const { claim, dependencies, signal } = options;
  const { database } = dependencies;
  const asked = claim.approvals.find(({ callId }) => callId === call.callId);
  if (asked !== undefined) return answerOf(asked, call);
  if (!(await isAskedFor(options, tool, input, context))) return { type: "allowed" };
  if (await persist(dependencies, signal, "approval.look", () => isAllowedBefore(database, claim, call)))
    return { type: "allowed" };
  const question = await persist(dependencies, signal, "approval.ask", () =>
    recordQuestion(database, claim, call, tool.answerWithin),
  );
  if (question === undefined) throw new ClaimLost("approval");
  return answerOf(question, call);
};
