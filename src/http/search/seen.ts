import { permitOf } from "../../auth/authorize.ts";
import { see } from "../../conversations/seen.ts";
import { answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";

export const seenRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "put",
    path: "/v1/conversations/{conversationId}/seen",
    summary: "You have seen what is in it now; your other devices are told by a hint",
    tag: "Conversations",
    params: conversationParams,
    answers: { 204: { description: "It is not unread any more" } },
    handle: async (call) => {
      await see(context, call.principal, call.params.conversationId, permitOf(call.principal, "read"));
      return answerNothing(call);
    },
  }),
];
