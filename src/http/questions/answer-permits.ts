import { permitOf } from "../../auth/authorize.ts";
import type { AnswerPermits } from "../../completions/approvals/answer-call.ts";
import type { Principal } from "../../protocol/people/principal.ts";

/** Who may answer questions: results of client tools whoever asked for the answer, all else whoever may approve. */
export const answerPermits = (principal: Principal): AnswerPermits => ({
  own: permitOf(principal, "send"),
  others: permitOf(principal, "approve"),
});
