import { permitOf } from "../../auth/authorize.ts";
import { cancel } from "../../completions/cancel.ts";
import { getCompletion, listCompletions } from "../../completions/read.ts";
import type { Accepted } from "../../conversations/sending/accept.ts";
import { regenerate } from "../../conversations/sending/regenerate.ts";
import { send } from "../../conversations/sending/send.ts";
import { getConversation } from "../../conversations/read.ts";
import { startRequestSchema } from "../../protocol/requests.ts";
import { completionSchema } from "../../protocol/resources.ts";
import { answer, type Arrival } from "../request/call.ts";
import { readIdempotency } from "../request/idempotency.ts";
import { readLastEventId } from "../streams/last-event-id.ts";
import { route, type Route } from "../route.ts";
import {
  completionParams,
  conversationParams,
  eventsAnswer,
  idempotencyHeader,
  lastEventIdHeader,
} from "../openapi/schemas.ts";
import { attach, type ViewDependencies } from "../streams/view.ts";
import { acceptedSchema } from "../../protocol/accepted.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Completions";
const one = { description: "The completion", schema: completionSchema };
const started = {
  description: "It is queued; read it where Location says",
  schema: acceptedSchema,
  headers: ["Location"],
};

const answerStarted = (arrival: Arrival, accepted: Accepted): Response => {
  const { conversationId, completionId, messageId, userMessageId, sequence } = accepted;
  const body = { conversationId, completionId, messageId, userMessageId, sequence };
  return answer(arrival, 202, body, { location: `${arrival.basePath}/v1/completions/${completionId}` });
};

const conversationCompletionRoutes = ({ context }: ViewDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/completions",
    summary: "Answer in the background: a new message, or a stored one again",
    tag,
    params: conversationParams,
    body: startRequestSchema,
    headers: idempotencyHeader,
    takes: ["send"],
    answers: { 202: started },
    handle: async (call) => {
      const { principal, params } = call;
      const { message, messageId, parentId, ...options } = call.body;
      const input = { ...options, conversationId: params.conversationId, idempotency: readIdempotency(call) };
      const permit = permitOf(principal, "send");
      if (message === undefined)
        return answerStarted(call, await regenerate(context, principal, { ...input, messageId }, permit));
      // `send` would make a conversation that isn't there
      await getConversation(context.database, principal, params.conversationId, permit);
      return answerStarted(call, await send(context, principal, { ...input, message, parentId }, permit));
    },
  }),
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/completions",
    summary: "Its newest 100 completions, newest first",
    tag,
    params: conversationParams,
    answers: { 200: { description: "All of them", schema: listOf(completionSchema) } },
    handle: async (call) => {
      const data = await listCompletions(
        context.database,
        call.principal,
        call.params.conversationId,
        permitOf(call.principal, "read"),
      );
      return answer(call, 200, { data, nextCursor: null });
    },
  }),
];

const completionItemRoutes = (dependencies: ViewDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/completions/{completionId}",
    summary: "One completion",
    tag,
    params: completionParams,
    answers: { 200: one },
    handle: async (call) =>
      answer(
        call,
        200,
        await getCompletion(
          dependencies.context.database,
          call.principal,
          call.params.completionId,
          permitOf(call.principal, "read"),
        ),
      ),
  }),
  route({
    method: "get",
    path: "/v1/completions/{completionId}/events",
    summary: "Watch a completion: after Last-Event-ID, or from the start",
    tag,
    params: completionParams,
    headers: lastEventIdHeader,
    takes: ["seat"],
    answers: { 200: eventsAnswer, 204: { description: "Seen to the end" } },
    handle: async (call) => {
      const lastEventId = readLastEventId(call.request.headers);
      const { principal, params } = call;
      const { database } = dependencies.context;
      const { workspaceId } = principal;
      const { completionId } = params;
      const { conversationId } = await getCompletion(database, principal, completionId, permitOf(principal, "read"));
      return attach(dependencies, call, { workspaceId, completionId, conversationId }, lastEventId);
    },
  }),
];

/** Completions as things of their own: started in the background, read, watched, cancelled, done again. */
export const completionRoutes = (dependencies: ViewDependencies): Route[] => [
  ...conversationCompletionRoutes(dependencies),
  ...completionItemRoutes(dependencies),
  route({
    method: "post",
    path: "/v1/completions/{completionId}/cancel",
    summary: "Cancel it; does nothing to one that has ended",
    tag,
    params: completionParams,
    answers: { 200: one },
    handle: async (call) =>
      answer(
        call,
        200,
        await cancel(
          dependencies.context,
          call.principal,
          call.params.completionId,
          permitOf(call.principal, "cancel"),
        ),
      ),
  }),
  route({
    method: "post",
    path: "/v1/completions/{completionId}/retry",
    summary: "Answer the same message again, with the same agent and model",
    tag,
    params: completionParams,
    headers: idempotencyHeader,
    takes: ["send"],
    answers: { 202: started },
    handle: async (call) => {
      const { principal, params } = call;
      const permit = permitOf(principal, "send");
      const { conversationId, messageId, agent, model } = await getCompletion(
        dependencies.context.database,
        principal,
        params.completionId,
        permit,
      );
      const input = { conversationId, messageId, agent, model, idempotency: readIdempotency(call) };
      return answerStarted(call, await regenerate(dependencies.context, principal, input, permit));
    },
  }),
];
