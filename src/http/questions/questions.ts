import { z } from "zod";
import { permitOf } from "../../auth/authorize.ts";
import { listAlwaysAllowed } from "../../completions/approvals/always-allowed.ts";
import { answerCall } from "../../completions/approvals/answer-call.ts";
import { decide, getApproval } from "../../completions/approvals/decide.ts";
import { revokeAlways } from "../../completions/approvals/revoke.ts";
import { listOpenQuestions } from "../../completions/approvals/open-questions.ts";
import { approvalSchema } from "../../protocol/approval.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import {
  alwaysAllowedSchema,
  clientResultRequestSchema,
  decideRequestSchema,
  openQuestionsSchema,
} from "../../protocol/question.ts";
import { completionSchema } from "../../protocol/resources.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";
import { answerPermits } from "./answer-permits.ts";
import { signedResult } from "../tool-executions/signed-result.ts";
import { toolExecutionParams } from "../tool-executions/tool-executions.ts";
import { toolExecutionSchema } from "../../protocol/tool-execution.ts";

const tag = "Questions";
const approvalParams = z.object({ approvalId: idSchema });
const approval = { description: "The question as it stands", schema: approvalSchema };

const approvalRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/approvals/{approvalId}",
    summary: "A question whether a tool call may run",
    tag,
    params: approvalParams,
    answers: { 200: approval },
    handle: async (call) => {
      const { principal, params } = call;
      const permit = permitOf(principal, "read");
      return answer(call, 200, await getApproval(context, principal, params.approvalId, permit));
    },
  }),
  route({
    method: "post",
    path: "/v1/approvals/{approvalId}",
    summary: "Decide it, once: allow this call, also later ones of its tool in this conversation, or deny it",
    tag,
    params: approvalParams,
    body: decideRequestSchema,
    answers: { 200: approval },
    handle: async (call) => {
      const { principal, params, body } = call;
      const input = { approvalId: params.approvalId, decision: body.decision, reason: body.reason || null };
      return answer(call, 200, await decide(context, principal, input, permitOf(principal, "approve")));
    },
  }),
  route({
    method: "delete",
    path: "/v1/approvals/{approvalId}",
    summary: "Take an `always` back: later calls of its tool are asked for again",
    tag,
    params: approvalParams,
    answers: { 204: { description: "It holds no more" } },
    handle: async (call) => {
      const { principal, params } = call;
      await revokeAlways(context, principal, params.approvalId, permitOf(principal, "approve"));
      return answerNothing(call);
    },
  }),
];

const listRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/questions",
    summary: "What its answer waits for now: approvals, and results of client tools",
    tag,
    params: conversationParams,
    answers: { 200: { description: "Oldest first; empty when nothing waits", schema: openQuestionsSchema } },
    handle: async (call) => {
      const { principal, params } = call;
      const permit = permitOf(principal, "read");
      return answer(call, 200, await listOpenQuestions(context.database, principal, params.conversationId, permit));
    },
  }),
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/always-allowed",
    summary: "Which tools were allowed `always` in it, and may be taken back",
    tag,
    params: conversationParams,
    answers: { 200: { description: "By tool; at most 200", schema: alwaysAllowedSchema } },
    handle: async (call) => {
      const { principal, params } = call;
      const permit = permitOf(principal, "read");
      return answer(call, 200, await listAlwaysAllowed(context.database, principal, params.conversationId, permit));
    },
  }),
];

/** What answers wait for: decisions of persons, and results of client tools. */
export const questionRoutes = (dependencies: HttpDependencies): Route[] => [
  ...approvalRoutes(dependencies),
  ...listRoutes(dependencies),
  route({
    method: "post",
    path: "/v1/tool-executions/{toolExecutionId}/result",
    summary: "Give the one result of a client tool's call; signed, that of a background tool",
    tag,
    params: toolExecutionParams,
    body: clientResultRequestSchema,
    signed: signedResult(dependencies),
    answers: {
      200: {
        description: "The completion that goes on with it; signed, the call as it is now",
        schema: z.union([completionSchema, toolExecutionSchema]),
      },
    },
    handle: async (call) => {
      const { principal, params, body: result } = call;
      const input = { toolExecutionId: params.toolExecutionId, result };
      return answer(call, 200, await answerCall(dependencies.context, principal, input, answerPermits(principal)));
    },
  }),
];
