import { permitOf } from "../../auth/authorize.ts";
import { changeWaiting, listWaiting, removeWaiting, sendNow } from "../../conversations/sending/waiting-sends.ts";
import { changeWaitingRequestSchema } from "../../protocol/requests.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { completionParams, conversationParams } from "../openapi/schemas.ts";
import { listOf } from "../../protocol/page.ts";
import { waitingSendSchema } from "../../protocol/waiting-send.ts";

const tag = "Waiting sends";

const listRoute = ({ context }: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/waiting-sends",
    summary: "Messages that were accepted while the conversation was answering, in the order in which they will go",
    tag,
    params: conversationParams,
    answers: { 200: { description: "All of them", schema: listOf(waitingSendSchema) } },
    handle: async (call) => {
      const data = await listWaiting(
        context.database,
        call.principal,
        call.params.conversationId,
        permitOf(call.principal, "read"),
      );
      return answer(call, 200, { data, nextCursor: null });
    },
  });

const itemRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "patch",
    path: "/v1/waiting-sends/{completionId}",
    summary: "Say a waiting message in other words, in its place",
    tag,
    params: completionParams,
    body: changeWaitingRequestSchema,
    answers: { 204: { description: "It is changed" } },
    handle: async (call) => {
      const input = { completionId: call.params.completionId, parts: call.body.message.parts };
      await changeWaiting(context, call.principal, input, permitOf(call.principal, "send"));
      return answerNothing(call);
    },
  }),
  route({
    method: "delete",
    path: "/v1/waiting-sends/{completionId}",
    summary: "Take a waiting message back",
    tag,
    params: completionParams,
    answers: { 204: { description: "It will not be sent" } },
    handle: async (call) => {
      await removeWaiting(context, call.principal, call.params.completionId, permitOf(call.principal, "send"));
      return answerNothing(call);
    },
  }),
  route({
    method: "post",
    path: "/v1/waiting-sends/{completionId}/send-now",
    summary: "Send a waiting message next, and stop what runs for it",
    tag,
    params: completionParams,
    answers: { 204: { description: "It goes next" } },
    handle: async (call) => {
      await sendNow(context, call.principal, call.params.completionId, permitOf(call.principal, "send"));
      return answerNothing(call);
    },
  }),
];

export const waitingSendRoutes = (dependencies: HttpDependencies): Route[] => [
  listRoute(dependencies),
  ...itemRoutes(dependencies),
];
