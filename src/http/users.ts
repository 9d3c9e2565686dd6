import { z } from "zod";
import { authorize, permitOf } from "../auth/authorize.ts";
import type { Accepted } from "../conversations/sending/accept.ts";
import { listMessages } from "../conversations/messages.ts";
import { getConversation, listConversations } from "../conversations/read.ts";
import { remove } from "../conversations/remove.ts";
import { send } from "../conversations/sending/send.ts";
import { idSchema } from "../protocol/identifiers.ts";
import type { Principal } from "../protocol/people/principal.ts";
import { pageQuerySchema, userSendRequestSchema } from "../protocol/requests.ts";
import { conversationSchema } from "../protocol/resources.ts";
import { answerAccepted } from "./streams/answer-accepted.ts";
import { awaitAnswer } from "./streams/await-answer.ts";
import { answer, answerNothing, type Call } from "./request/call.ts";
import { decodeCursor, encodeCursor } from "./request/cursor.ts";
import { defaultHttpLimits, type HttpDependencies } from "./dependencies.ts";
import { readIdempotency } from "./request/idempotency.ts";
import { readLastEventId } from "./streams/last-event-id.ts";
import { parseBody } from "./request/parse-call.ts";
import { route, type Route } from "./route.ts";
import { conversationCursorSchema, eventsAnswer, idempotencyHeader } from "./openapi/schemas.ts";
import {
  userAnswerOf,
  userAnswerSchema,
  userConversationsSchema,
  userMessageOf,
  userMessagesSchema,
} from "./completions/user-answers.ts";
import type { ViewDependencies } from "./streams/view.ts";

const tag = "Chat of a named user";
/** Messages that the model sees where nothing else is set (D7). */
const defaults = { contextMessages: 20 };
const userParams = z.object({ userId: z.string().min(1).max(255) });
const conversationParams = userParams.extend({ conversationId: idSchema });
const sequenceCursorSchema = z.strictObject({ after: z.int().min(0).max(999_999_999) });

type Body = z.output<typeof userSendRequestSchema>;

const chatBody = {
  params: userParams,
  body: userSendRequestSchema,
  parseBody: (json: unknown): Body => parseBody(userSendRequestSchema, json, "invalid_request"),
  headers: idempotencyHeader,
};

/** Sends in the name of the user; a conversation that is named has to be there. */
const accept = async (
  { context }: HttpDependencies,
  call: Call<{ readonly userId: string }, unknown, Body>,
  stream: boolean,
): Promise<Accepted> => {
  const { principal, body } = call;
  const { conversationId } = body;
  const permit = permitOf(principal, "send");
  if (conversationId === undefined) authorize(principal, "create", "workspace");
  else await getConversation(context.database, principal, conversationId, permit);
  return send(context, principal, { ...body, stream, defaults, idempotency: readIdempotency(call) }, permit);
};

const chatRoutes = (dependencies: ViewDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/users/{userId}/chat",
    summary: "Send a message and get its whole answer",
    tag,
    isOfUser: true,
    ...chatBody,
    takes: ["seat", "send"],
    answers: { 200: { description: "The answer, waited for up to 30 s", schema: userAnswerSchema } },
    handle: async (call) => {
      const accepted = await accept(dependencies, call, call.body.stream ?? false);
      if (accepted.stream) return answerAccepted(dependencies, call, accepted, null);
      const waitMs = dependencies.limits?.answerMs ?? defaultHttpLimits.answerMs;
      call.admitted?.waits();
      return answer(call, 200, userAnswerOf(await awaitAnswer(dependencies, call.principal, accepted, waitMs)));
    },
  }),
  route({
    method: "post",
    path: "/v1/users/{userId}/chat/stream",
    summary: "Send a message and watch its answer",
    tag,
    isOfUser: true,
    ...chatBody,
    takes: ["seat", "send"],
    answers: { 200: eventsAnswer },
    handle: async (call) => {
      const lastEventId = readLastEventId(call.request.headers);
      return answerAccepted(dependencies, call, await accept(dependencies, call, true), lastEventId);
    },
  }),
];

const listRoute = ({ context }: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/users/{userId}/conversations",
    summary: "Conversations by last update",
    tag,
    isOfUser: true,
    params: userParams,
    query: pageQuerySchema,
    answers: { 200: { description: "A page of them", schema: userConversationsSchema } },
    handle: async (call) => {
      const { principal, query } = call;
      authorize(principal, "account", "workspace");
      const { data, nextCursor, count } = await listConversations(context.database, principal, {
        cursor: decodeCursor(conversationCursorSchema, query.cursor),
        limit: query.limit ?? 50,
        count: true,
      });
      return answer(call, 200, { data, nextCursor: encodeCursor(nextCursor), total: count });
    },
  });

/** The conversation, if this user may do that with it. */
const open = (
  { context }: HttpDependencies,
  principal: Principal,
  { conversationId }: z.output<typeof conversationParams>,
) => {
  return getConversation(context.database, principal, conversationId, permitOf(principal, "read"));
};

const messagesRoute = (dependencies: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/users/{userId}/conversations/{conversationId}/messages",
    summary: "Messages in their order, without removed ones",
    tag,
    isOfUser: true,
    params: conversationParams,
    query: pageQuerySchema,
    answers: { 200: { description: "A page of them", schema: userMessagesSchema } },
    handle: async (call) => {
      const { principal, params, query } = call;
      const { conversationId } = params;
      const { messageCount } = await open(dependencies, principal, params);
      const after = decodeCursor(sequenceCursorSchema, query.cursor)?.after ?? 0;
      const page = { conversationId, after, limit: query.limit ?? 50 };
      const permit = permitOf(principal, "read");
      const { data, nextCursor } = await listMessages(dependencies.context.database, principal, page, permit);
      return answer(call, 200, {
        conversationId,
        data: data.filter(({ deletedAt }) => deletedAt === null).map(userMessageOf),
        nextCursor: encodeCursor(nextCursor === null ? null : { after: Number(nextCursor) }),
        total: messageCount,
      });
    },
  });

const itemRoutes = (dependencies: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/users/{userId}/conversations/{conversationId}",
    summary: "One conversation",
    tag,
    isOfUser: true,
    params: conversationParams,
    answers: { 200: { description: "The conversation", schema: conversationSchema } },
    handle: async (call) => answer(call, 200, await open(dependencies, call.principal, call.params)),
  }),
  route({
    method: "delete",
    path: "/v1/users/{userId}/conversations/{conversationId}",
    summary: "Delete it; it can be restored for 30 days",
    tag,
    isOfUser: true,
    params: conversationParams,
    answers: { 204: { description: "It is gone" } },
    handle: async (call) => {
      const { principal, params } = call;
      await remove(dependencies.context, principal, params.conversationId, permitOf(principal, "remove"));
      return answerNothing(call);
    },
  }),
];

/** The same for a user that the path names: the caller, or one that its key acts for (D1 to D8). */
export const userRoutes = (dependencies: ViewDependencies): Route[] => [
  ...chatRoutes(dependencies),
  listRoute(dependencies),
  ...itemRoutes(dependencies),
  messagesRoute(dependencies),
];
