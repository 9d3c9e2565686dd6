import sql from "sql-template-tag";
import { z } from "zod";
import { answerCall } from "../../src/completions/approvals/answer-call.ts";
import { decide } from "../../src/completions/approvals/decide.ts";
import { listOpenQuestions } from "../../src/completions/approvals/open-questions.ts";
import type { Accepted } from "../../src/conversations/sending/accept.ts";
import type { ModelEvent } from "../../src/protocol/agent/model.ts";
import { permitAll, type Spine } from "../../src/testing/spine.ts";
import { tool } from "../../src/tools/tool.ts";

/** Calls that a person or a client has to answer, in one step, besides those that nobody is asked about. */
export const askingCalls: readonly ModelEvent[] = [
  { type: "tool-call", callId: "c", tool: "pay", input: { cents: 1 } },
  { type: "tool-call", callId: "d", tool: "pay", input: { cents: 2 } },
  { type: "tool-call", callId: "e", tool: "look", input: {} },
];

/** `start` is told of each body that starts, with what it got. */
export const askingTools = (start: (completionId: string, callId: string, input: unknown) => void) => ({
  pay: tool({
    inputSchema: z.object({ cents: z.number() }),
    approval: true,
    execute: (input, { completionId, callId }) => start(completionId, callId, input),
  }),
  look: tool({ inputSchema: z.object({}), outputSchema: z.string() }),
});

/** Answers one of the open questions of these conversations; allows and denies by turns. False: nothing is open. */
export const answerOne = async (
  { context, principal }: Spine,
  accepted: readonly Accepted[],
  index: number,
): Promise<boolean> => {
  const conversations = [...new Set(accepted.map(({ conversationId }) => conversationId))];
  const open = await Promise.all(
    conversations.map((id) => listOpenQuestions(context.database, principal, id, permitAll)),
  );
  const answers = open.flatMap(({ approvals, clientCalls }) => [
    ...approvals.map(({ id, callId }) => async () => {
      const decision = (callId.charCodeAt(0) + index) % 3 === 0 ? "deny" : "once";
      await decide(context, principal, { approvalId: id, decision, reason: null }, permitAll);
    }),
    ...clientCalls.map(({ id: toolExecutionId }) => async () => {
      const permits = { own: permitAll, others: permitAll };
      await answerCall(context, principal, { toolExecutionId, result: { output: "seen" } }, permits);
    }),
  ]);
  const answer = answers[index % Math.max(1, answers.length)];
  await answer?.();
  return answer !== undefined;
};

/** What was started without a decision that allows it, or with another input; and what waits with a worker or a lease. */
export const findUnasked = async (
  { context: { database }, principal: { workspaceId } }: Spine,
  starts: readonly { readonly completionId: string; readonly callId: string; readonly input: unknown }[],
): Promise<readonly unknown[]> => {
  const approvals = await database.query<{ completion_id: string; call_id: string; decision: string; input: unknown }>(
    sql`select completion_id, call_id, decision, input from approval where workspace_id = ${workspaceId}`,
  );
  const holding = await database.query(sql`
    select id from completion where workspace_id = ${workspaceId} and status = 'waiting' and (worker_id is not null or lease_until is not null)`);
  const unasked = starts.filter(
    ({ completionId, callId, input }) =>
      !approvals.some(
        (approval) =>
          approval.completion_id === completionId &&
          approval.call_id === callId &&
          approval.decision === "once" &&
          JSON.stringify(approval.input) === JSON.stringify(input),
      ),
  );
  return [...unasked, ...holding];
};
