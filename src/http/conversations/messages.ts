import { z } from "zod";
import { permitOf } from "../../auth/authorize.ts";
import { append } from "../../conversations/sending/append.ts";
import { getMessage, listMessages, removeMessage, type MessageQuery } from "../../conversations/messages.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { appendRequestSchema, messagesQuerySchema } from "../../protocol/requests.ts";
import { messageSchema } from "../../protocol/resources.ts";
import { answer, answerNothing } from "../request/call.ts";
import { decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { conversationParams, messageParams } from "../openapi/schemas.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Messages";
const sequenceSchema = z.int().min(0).max(999_999_999);
const placeSchema = z.union([
  z.strictObject({ after: sequenceSchema }),
  z.strictObject({ before: sequenceSchema }),
  z.strictObject({ branch: idSchema }),
]);

type Place = Pick<MessageQuery, "after" | "before" | "branch">;

const nextPlace = (place: Place, nextCursor: string | null): Place | null => {
  if (nextCursor === null) return null;
  if (place.branch !== undefined) return { branch: nextCursor };
  return place.before === undefined ? { after: Number(nextCursor) } : { before: Number(nextCursor) };
};

const collectionRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/messages",
    summary: "Messages by sequence, or a branch upwards from its leaf; each page oldest first",
    tag,
    params: conversationParams,
    query: messagesQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(messageSchema) } },
    handle: async (call) => {
      const { cursor, limit, ...given } = call.query;
      const place: Place = decodeCursor(placeSchema, cursor) ?? given;
      const query = { conversationId: call.params.conversationId, limit: limit ?? 50, ...place };
      const { data, nextCursor } = await listMessages(
        context.database,
        call.principal,
        query,
        permitOf(call.principal, "read"),
      );
      return answer(call, 200, { data, nextCursor: encodeCursor(nextPlace(place, nextCursor)) });
    },
  }),
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/messages",
    summary: "Add a user message that nothing answers",
    tag,
    params: conversationParams,
    body: appendRequestSchema,
    answers: { 201: { description: "The message", schema: messageSchema, headers: ["Location"] } },
    handle: async (call) => {
      const input = { conversationId: call.params.conversationId, ...call.body };
      const message = await append(context, call.principal, input, permitOf(call.principal, "send"));
      return answer(call, 201, message, {
        location: `${call.basePath}/v1/conversations/${message.conversationId}/messages/${message.id}`,
      });
    },
  }),
];

const itemRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/messages/{messageId}",
    summary: "One message",
    tag,
    params: messageParams,
    answers: { 200: { description: "The message", schema: messageSchema } },
    handle: async (call) =>
      answer(
        call,
        200,
        await getMessage(context.database, call.principal, call.params, permitOf(call.principal, "read")),
      ),
  }),
  route({
    method: "delete",
    path: "/v1/conversations/{conversationId}/messages/{messageId}",
    summary: "Empty a message; its number and place stay",
    tag,
    params: messageParams,
    answers: { 204: { description: "It is empty" } },
    handle: async (call) => {
      await removeMessage(context, call.principal, call.params, permitOf(call.principal, "remove"));
      return answerNothing(call);
    },
  }),
];

export const messageRoutes = (dependencies: HttpDependencies): Route[] => [
  ...collectionRoutes(dependencies),
  ...itemRoutes(dependencies),
];
