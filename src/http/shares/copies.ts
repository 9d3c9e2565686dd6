import { authorize, permitOf } from "../../auth/authorize.ts";
import { principalIn } from "../../auth/other-principals.ts";
import { copyRead } from "../../conversations/shares/copy-shared.ts";
import { conversationSchema } from "../../protocol/resources.ts";
import { copyRequestSchema } from "../../protocol/share.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { conversationParams } from "../openapi/schemas.ts";
import { answer } from "../request/call.ts";
import { settingsTag } from "../request/etag.ts";
import { route, type Route } from "../route.ts";

/** A copy of one's own of what one may read, also where one may do more than read. */
export const copyRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/copy",
    summary: "Make a conversation of your own of what was said in one that you may read, also in another workspace",
    tag: "Share links",
    params: conversationParams,
    body: copyRequestSchema,
    isBodyOptional: true,
    answers: { 201: { description: "The conversation", schema: conversationSchema, headers: ["ETag", "Location"] } },
    handle: async (call) => {
      const { principal, params, body } = call;
      const there = await principalIn(context.database, principal, body.workspaceId ?? principal.workspaceId);
      const mayRead = permitOf(principal, "read");
      const conversation = await copyRead(context, principal, {
        ...params,
        there,
        permit: (source) => {
          mayRead(source);
          authorize(there, "create", "workspace");
        },
      });
      const location = `${call.basePath}/v1/conversations/${conversation.id}`;
      return answer(call, 201, conversation, { ...settingsTag(conversation), location });
    },
  }),
];
