import type { AgentDirectory } from "../../protocol/agent/agent.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { ClientResult } from "../../protocol/question.ts";
import type { Completion } from "../../protocol/resources.ts";
import { findClientCall, type ClientCallRow } from "../../store/tools/client-call-rows.ts";
import { findCompletion, type CompletionRow } from "../../store/completion/completion-rows.ts";
import type { CompletionContext } from "../context.ts";
import { admitTo } from "../open.ts";
import { toCompletion } from "../resource.ts";
import { announceAnswer } from "./announce.ts";
import { outcomeOfResult } from "./client-result.ts";
import { noLongerOpen } from "./decide.ts";
import { settle, takesAnswers } from "./settle.ts";

export interface AnswerContext extends CompletionContext {
  readonly agents: AgentDirectory;
}

/** Who may give results: whoever asked for the answer, as for sending; others as for approving. */
export interface AnswerPermits {
  readonly own: Permit;
  readonly others: Permit;
}

/** The permit for answering what runs for a user. */
export const permitToAnswer = (
  { userId }: Principal,
  { requested_by }: Pick<CompletionRow, "requested_by">,
  { own, others }: AnswerPermits,
): Permit => (requested_by === userId ? own : others);

const open = async (
  context: AnswerContext,
  principal: Principal,
  id: string,
  permits: AnswerPermits,
): Promise<ClientCallRow> => {
  const row = await findClientCall(context.database, principal.workspaceId, id);
  if (row === undefined) throw notFound("tool execution");
  const place = { workspaceId: principal.workspaceId, conversationId: row.conversation_id };
  await admitTo(context.database, place, permitToAnswer(principal, row, permits), "tool execution");
  return row;
};

/**
 * Records the one result of a call that a client runs, and lets its completion go on.
 * @throws NatterError `conflict` when it has a result, or waits for none any more; `unprocessable` when the result does not fit
 */
export const answerCall = async (
  context: AnswerContext,
  principal: Principal,
  { toolExecutionId, result }: { readonly toolExecutionId: string; readonly result: ClientResult },
  permits: AnswerPermits,
): Promise<Completion> => {
  const { database } = context;
  const call = await open(context, principal, toolExecutionId, permits);
  const outcome = await outcomeOfResult(context.agents, call, result);
  const key = { workspaceId: principal.workspaceId, completionId: call.completion_id };
  const answered = await database.transaction(async () => {
    const completion = await findCompletion(database, key, { lock: true });
    await open(context, principal, toolExecutionId, permits);
    if (completion === undefined || !takesAnswers(completion)) throw noLongerOpen();
    const revision = await settle(database, key, [{ kind: "call", id: call.id, outcome, isLate: false }]);
    if (revision === null) throw noLongerOpen();
    return { completion, revision };
  });
  announceAnswer(context.signals, key, answered.revision);
  return toCompletion((await findCompletion(database, key)) ?? answered.completion);
};
