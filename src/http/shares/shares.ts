import { permitOf } from "../../auth/authorize.ts";
import { readShares, revoke, share } from "../../conversations/shares/share.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { createShareRequestSchema, newShareSchema, shareSchema } from "../../protocol/share.ts";
import { answer, answerNothing } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Share links";

/** The links of a conversation, for its owner. */
export const shareRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/shares",
    summary: "The links of a conversation that are open, the newest first",
    tag,
    params: conversationParams,
    answers: { 200: { description: "All of them", schema: listOf(shareSchema) } },
    handle: async (call) => {
      const permit = permitOf(call.principal, "change");
      const data = await readShares(database, call.principal, call.params.conversationId, permit);
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/shares",
    summary: "Make a link with which anybody can read a conversation as it is up to a message",
    tag,
    params: conversationParams,
    body: createShareRequestSchema,
    isBodyOptional: true,
    answers: { 201: { description: "The link; its token is told this once", schema: newShareSchema } },
    handle: async (call) => {
      const input = { ...call.params, ...call.body };
      const made = await share(database, call.principal, input, permitOf(call.principal, "change"));
      return answer(call, 201, { ...made, path: `${call.basePath}${made.path}` });
    },
  }),
  route({
    method: "delete",
    path: "/v1/conversations/{conversationId}/shares/{shareId}",
    summary: "End a link at once",
    tag,
    params: conversationParams.extend({ shareId: idSchema }),
    answers: { 204: { description: "It shows nothing any more" } },
    handle: async (call) => {
      await revoke(database, call.principal, call.params, permitOf(call.principal, "change"));
      return answerNothing(call);
    },
  }),
];
