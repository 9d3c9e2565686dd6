import { authorize, permitOf } from "../../auth/authorize.ts";
import { change } from "../../conversations/change.ts";
import { create } from "../../conversations/create.ts";
import { fork } from "../../conversations/fork.ts";
import { getConversation, listConversations } from "../../conversations/read.ts";
import { remove, restore } from "../../conversations/remove.ts";
import { requestTitle } from "../../conversations/title.ts";
import { notFound } from "../../protocol/people/access.ts";
import {
  changeConversationRequestSchema,
  conversationsQuerySchema,
  createConversationRequestSchema,
  forkRequestSchema,
} from "../../protocol/requests.ts";
import { conversationSchema } from "../../protocol/resources.ts";
import { answer, answerNothing } from "../request/call.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { readIfMatch, settingsTag } from "../request/etag.ts";
import { route, type Route } from "../route.ts";
import { conversationCursorSchema, conversationParams } from "../openapi/schemas.ts";
import { conversationListSchema } from "../../protocol/conversation-list.ts";

const tag = "Conversations";
const one = { description: "The conversation", schema: conversationSchema, headers: ["ETag"] };

const collectionRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations",
    summary: "Your conversations, by last update",
    tag,
    query: conversationsQuerySchema,
    answers: { 200: { description: "A page of them", schema: conversationListSchema } },
    handle: async (call) => {
      const { principal, query } = call;
      authorize(principal, "account", "workspace");
      if (query.workspaceId !== undefined && query.workspaceId !== principal.workspaceId)
        throw notFound("conversation");
      const { data, nextCursor, count } = await listConversations(context.database, principal, {
        q: query.q,
        status: query.status,
        pinned: query.pinned === undefined ? undefined : query.pinned === "true",
        shared: query.shared === "true",
        unread: query.unread === undefined ? undefined : query.unread === "true",
        cursor: decodeCursor(conversationCursorSchema, query.cursor),
        limit: query.limit ?? 50,
        count: query.count === "true",
      });
      return answer(call, 200, { data, nextCursor: encodeCursor(nextCursor), count });
    },
  }),
  route({
    method: "post",
    path: "/v1/conversations",
    summary: "Make a conversation",
    tag,
    body: createConversationRequestSchema,
    isBodyOptional: true,
    answers: { 201: { ...one, headers: ["ETag", "Location"] } },
    handle: async (call) => {
      authorize(call.principal, "create", "workspace");
      const conversation = await create(context, call.principal, call.body);
      return answer(call, 201, conversation, {
        ...settingsTag(conversation),
        location: `${call.basePath}/v1/conversations/${conversation.id}`,
      });
    },
  }),
];

const itemRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}",
    summary: "One conversation",
    tag,
    params: conversationParams,
    answers: { 200: one },
    handle: async (call) => {
      const conversation = await getConversation(
        context.database,
        call.principal,
        call.params.conversationId,
        permitOf(call.principal, "read"),
      );
      return answer(call, 200, conversation, settingsTag(conversation));
    },
  }),
  route({
    method: "patch",
    path: "/v1/conversations/{conversationId}",
    summary: "Change title, status, model, settings …; from the next send on",
    tag,
    params: conversationParams,
    body: changeConversationRequestSchema,
    headers: { "If-Match": "ETag of the conversation as it was last read; 412 when it was changed meanwhile" },
    answers: { 200: one },
    handle: async (call) => {
      const input = { ...call.params, ifMatch: readIfMatch(call.request.headers), change: call.body };
      const conversation = await change(context, call.principal, input, permitOf(call.principal, "change"));
      return answer(call, 200, conversation, settingsTag(conversation));
    },
  }),
  route({
    method: "delete",
    path: "/v1/conversations/{conversationId}",
    summary: "Delete it, stopping what runs; it can be restored for 30 days",
    tag,
    params: conversationParams,
    answers: { 204: { description: "It is gone" } },
    handle: async (call) => {
      await remove(context, call.principal, call.params.conversationId, permitOf(call.principal, "remove"));
      return answerNothing(call);
    },
  }),
];

const titleRoute = ({ context }: HttpDependencies): Route =>
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/title",
    summary: "Have a title generated; it takes the place of the present one, unless that is changed meanwhile",
    tag,
    params: conversationParams,
    answers: { 202: { description: "A job does it; the conversation has it within seconds" } },
    handle: async (call) => {
      const { conversationId } = call.params;
      await requestTitle(context, call.principal, conversationId, permitOf(call.principal, "change"));
      return answerNothing(call, 202);
    },
  });

const actionRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/restore",
    summary: "Bring a deleted conversation back",
    tag,
    params: conversationParams,
    answers: { 200: one },
    handle: async (call) => {
      const conversation = await restore(
        context,
        call.principal,
        call.params.conversationId,
        permitOf(call.principal, "restore"),
      );
      return answer(call, 200, conversation, settingsTag(conversation));
    },
  }),
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/fork",
    summary: "Copy a branch into a new conversation of your own",
    tag,
    params: conversationParams,
    body: forkRequestSchema,
    isBodyOptional: true,
    answers: { 201: { ...one, headers: ["ETag", "Location"] } },
    handle: async (call) => {
      const permit = permitOf(call.principal, "read");
      const input = { conversationId: call.params.conversationId, messageId: call.body.messageId };
      const conversation = await fork(context, call.principal, input, (source) => {
        permit(source);
        authorize(call.principal, "create", "workspace");
      });
      return answer(call, 201, conversation, {
        ...settingsTag(conversation),
        location: `${call.basePath}/v1/conversations/${conversation.id}`,
      });
    },
  }),
];

export const conversationRoutes = (dependencies: HttpDependencies): Route[] => [
  ...collectionRoutes(dependencies),
  ...itemRoutes(dependencies),
  titleRoute(dependencies),
  ...actionRoutes(dependencies),
];
