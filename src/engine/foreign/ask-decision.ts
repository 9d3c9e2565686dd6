import { isAllowedBefore, recordQuestion } from "../../completions/approvals/ask.ts";
import { isAllowed, type CallApproval } from "../../protocol/approval.ts";
import type { Decided } from "../../protocol/agent/framework-kit.ts";
import type { ToolCall } from "../../protocol/agent/tool.ts";
import { reasonOf } from "../../tools/answered-parts.ts";
import { ClaimLost } from "../claim/claim-lost.ts";
import { persist } from "../claim/persist.ts";
import type { TurnOptions } from "../turn.ts";

/** Milliseconds that a question of a framework stays open: a week. */
const answerWithin = 604_800_000;

/** What was decided; null: nothing yet. */
export const decidedOf = (approval: CallApproval): Decided | null =>
  approval.decision === null ? null : { isAllowed: isAllowed(approval.decision), reason: reasonOf(approval) };

/** The question whether a call of a framework may run, asked once; or that it was allowed for good before. */
export const askDecision = async (options: TurnOptions, call: ToolCall): Promise<CallApproval | "always"> => {
  const { claim, dependencies, signal } = options;
  const { database } = dependencies;
  const asked = claim.approvals.find(({ callId }) => callId === call.callId);
  if (asked !== undefined) return asked;
  if (await persist(dependencies, signal, "approval.look", () => isAllowedBefore(database, claim, call)))
    return "always";
  const question = await persist(dependencies, signal, "approval.ask", () =>
    recordQuestion(database, claim, call, answerWithin),
  );
  if (question === undefined) throw new ClaimLost("approval");
  return question;
};
