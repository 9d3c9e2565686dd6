import { permitOf } from "../../auth/authorize.ts";
import { getVote, vote } from "../../conversations/vote.ts";
import { voteRequestSchema } from "../../protocol/requests.ts";
import { voteSchema } from "../../protocol/resources.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { messageParams } from "../openapi/schemas.ts";

const tag = "Votes";
const path = "/v1/conversations/{conversationId}/messages/{messageId}/vote";
const one = { description: "Your vote", schema: voteSchema };

export const voteRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path,
    summary: "Your own vote on an answer",
    tag,
    params: messageParams,
    answers: { 200: one },
    handle: async (call) =>
      answer(call, 200, await getVote(context.database, call.principal, call.params, permitOf(call.principal, "read"))),
  }),
  route({
    method: "put",
    path,
    summary: "Vote on an answer, in the place of your earlier vote",
    tag,
    params: messageParams,
    body: voteRequestSchema,
    answers: { 200: one },
    handle: async (call) => {
      const choice = { value: call.body.value, reason: call.body.reason ?? null };
      await vote(context, call.principal, { ...call.params, choice }, permitOf(call.principal, "send"));
      return answer(call, 200, choice);
    },
  }),
  route({
    method: "delete",
    path,
    summary: "Take your vote back",
    tag,
    params: messageParams,
    answers: { 204: { description: "You have none" } },
    handle: async (call) => {
      const choice = { value: null, reason: null };
      await vote(context, call.principal, { ...call.params, choice }, permitOf(call.principal, "send"));
      return answerNothing(call);
    },
  }),
];
