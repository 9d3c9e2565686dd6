import { NatterError } from "../../foundation/errors.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { ToldAnswers } from "../../protocol/told-answers.ts";
import { listOpenApprovalRows, type ApprovalRow } from "../../store/tools/approval-rows.ts";
import { listOpenClientCalls } from "../../store/tools/client-call-rows.ts";
import { findCompletion } from "../../store/completion/completion-rows.ts";
import type { Attachable } from "../read.ts";
import { announceAnswer } from "./announce.ts";
import { permitToAnswer, type AnswerContext, type AnswerPermits } from "./answer-call.ts";
import { hashInput } from "./ask.ts";
import { outcomeOfResult } from "./client-result.ts";
import { noLongerOpen } from "./decide.ts";
import { recordDecisions } from "./record-decisions.ts";
import { settle, takesAnswers, type QuestionAnswer } from "./settle.ts";

/** Said of an answer that asks nothing, or nothing that the client speaks of. */
export const nothingOpen = (): NatterError =>
  new NatterError(
    "conflict",
    "Nothing in this answer waits for a decision or a result; send a message, or regenerate the answer.",
  );

/** The decision on a question, if the client told one; made on what the person saw, or not at all. */
const decisionOn = (principal: Principal, row: ApprovalRow, { decisions }: ToldAnswers): QuestionAnswer[] => {
  const told = decisions.find(({ approvalId }) => approvalId === row.id);
  if (told === undefined) return [];
  if (hashInput(told.input) !== row.input_hash)
    throw new NatterError(
      "conflict",
      "What was shown is not what the tool would run with; load the conversation anew.",
    );
  const { id } = row;
  const decision = told.approved ? "once" : "deny";
  return [{ kind: "approval", id, decision, decidedBy: principal.userId, reason: told.reason }];
};

const answersTo = async (
  context: AnswerContext,
  principal: Principal,
  { key, conversationId }: { readonly key: CompletionKey; readonly conversationId: string },
  told: ToldAnswers,
): Promise<{ decisions: QuestionAnswer[]; results: QuestionAnswer[] }> => {
  const { database, agents } = context;
  const isOfIt = (row: { readonly completion_id: string }): boolean => row.completion_id === key.completionId;
  const approvals = (await listOpenApprovalRows(database, key.workspaceId, conversationId)).filter(isOfIt);
  const calls = (await listOpenClientCalls(database, key.workspaceId, conversationId)).filter(isOfIt);
  const results = calls.map(async (call): Promise<QuestionAnswer[]> => {
    const given = told.results.find(({ callId }) => callId === call.call_id);
    if (given === undefined) return [];
    const outcome = await outcomeOfResult(agents, call, given.result);
    return [{ kind: "call", id: call.id, outcome, isLate: false }];
  });
  return {
    decisions: approvals.flatMap((row) => decisionOn(principal, row, told)),
    results: (await Promise.all(results)).flat(),
  };
};

export interface MessageAnswers {
  /** What is at work in the conversation, as it was found. */
  readonly active: Attachable;
  /** The assistant message that the client speaks of. */
  readonly messageId: string;
  readonly told: ToldAnswers;
  /** Admits to the conversation, again with its completion locked. */
  readonly admit: (permit: Permit) => Promise<void>;
}

/**
 * Answers all open questions of the completion at work that a client's message says something of.
 * @throws NatterError `conflict` when there is none, or one was answered just now; `unprocessable` for a result that does not fit
 */
export const answerMessage = async (
  context: AnswerContext,
  principal: Principal,
  { active, messageId, told, admit }: MessageAnswers,
  permits: AnswerPermits,
): Promise<void> => {
  const { database, signals } = context;
  const key = { workspaceId: active.workspaceId, completionId: active.completionId };
  if (active.messageId !== messageId) throw nothingOpen();
  const revision = await database.transaction(async () => {
    const completion = await findCompletion(database, key, { lock: true });
    if (completion === undefined || !takesAnswers(completion)) throw nothingOpen();
    const { decisions, results } = await answersTo(
      context,
      principal,
      { key, conversationId: active.conversationId },
      told,
    );
    if (decisions.length > 0) await admit(permits.others);
    if (results.length > 0) await admit(permitToAnswer(principal, completion, permits));
    if (decisions.length + results.length === 0) throw nothingOpen();
    const settled = await settle(database, key, [...decisions, ...results]);
    if (settled === null) throw noLongerOpen();
    await recordDecisions(database, principal, settled, decisions);
    return settled;
  });
  announceAnswer(signals, key, revision);
};
