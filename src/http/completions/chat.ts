import { authorize, permitOf, permitOfSend } from "../../auth/authorize.ts";
import { cancelActive } from "../../completions/cancel.ts";
import { findAttachable } from "../../completions/read.ts";
import { edit } from "../../conversations/sending/edit.ts";
import { send } from "../../conversations/sending/send.ts";
import { editRequestSchema } from "../../protocol/requests.ts";
import { completionSchema } from "../../protocol/resources.ts";
import { answerAiSdk } from "../ai-sdk/answer-ai-sdk.ts";
import { chatBodySchema, parseChatBody } from "../ai-sdk/chat-body.ts";
import { readChatBody } from "../ai-sdk/read-chat-body.ts";
import { untilWaiting, type WaitingDependencies } from "../ai-sdk/until-waiting.ts";
import { answerAccepted } from "../streams/answer-accepted.ts";
import { answer, answerNothing } from "../request/call.ts";
import { readIdempotency } from "../request/idempotency.ts";
import { readLastEventId } from "../streams/last-event-id.ts";
import { route, type Route } from "../route.ts";
import {
  conversationParams,
  eventsAnswer,
  idempotencyHeader,
  lastEventIdHeader,
  messageParams,
} from "../openapi/schemas.ts";
import { answerShowing, findShowing, type ViewDependencies } from "../streams/view.ts";
import { wholeAnswerSchema } from "../streams/whole-answer.ts";

const tag = "Chat";

const answers = {
  200: {
    ...eventsAnswer,
    description: `${eventsAnswer.description}. With stream: false the whole answer as JSON, waited for up to 30 s`,
    whole: wholeAnswerSchema,
  },
};

const sendRoutes = (dependencies: ViewDependencies & WaitingDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/chat",
    summary: "Send a message and get its answer; makes the conversation if there is none",
    tag,
    body: chatBodySchema,
    readBody: readChatBody,
    parseBody: parseChatBody,
    headers: idempotencyHeader,
    takes: ["seat", "send"],
    answers,
    handle: async (call) => {
      const { principal, body } = call;
      if ("messages" in body) return answerAiSdk(dependencies, call, body);
      authorize(principal, "create", "workspace");
      const lastEventId = readLastEventId(call.request.headers);
      const accepted = await send(
        dependencies.context,
        principal,
        { ...body, idempotency: readIdempotency(call) },
        permitOfSend(principal),
      );
      return answerAccepted(dependencies, call, accepted, lastEventId);
    },
  }),
  route({
    method: "post",
    path: "/v1/conversations/{conversationId}/messages/{messageId}/edits",
    summary: "Say a user message in other words: a sibling of it, with an answer of its own",
    tag,
    params: messageParams,
    body: editRequestSchema,
    headers: idempotencyHeader,
    takes: ["seat", "send"],
    answers,
    handle: async (call) => {
      const { message, ...options } = call.body;
      const lastEventId = readLastEventId(call.request.headers);
      const input = { ...options, ...call.params, parts: message.parts, idempotency: readIdempotency(call) };
      const accepted = await edit(dependencies.context, call.principal, input, permitOf(call.principal, "send"));
      return answerAccepted(dependencies, call, accepted, lastEventId);
    },
  }),
];

/** Sending, and the two routes by which AI SDK clients come back to a conversation. */
export const chatRoutes = (dependencies: ViewDependencies & WaitingDependencies): Route[] => [
  ...sendRoutes(dependencies),
  route({
    method: "get",
    path: "/v1/chat/{conversationId}/stream",
    summary: "Watch what the conversation is answering, from the start; AI SDK's resume",
    tag,
    params: conversationParams,
    headers: lastEventIdHeader,
    takes: ["seat"],
    answers: { 200: eventsAnswer, 204: { description: "Nothing runs" } },
    handle: async (call) => {
      const lastEventId = readLastEventId(call.request.headers);
      const { principal, params } = call;
      const active = await findAttachable(
        dependencies.context.database,
        principal,
        params.conversationId,
        permitOf(principal, "read"),
      );
      if (active === null) return answerNothing(call);
      const showing = await findShowing(dependencies, active, lastEventId);
      return answerShowing(dependencies, call, untilWaiting(dependencies, showing, params.conversationId));
    },
  }),
  route({
    method: "post",
    path: "/v1/chat/{conversationId}/stop",
    summary: "Cancel what the conversation is answering, or is about to; other waiting sends stay",
    tag,
    params: conversationParams,
    answers: {
      200: { description: "What was cancelled", schema: completionSchema },
      204: { description: "Nothing ran" },
    },
    handle: async (call) => {
      const cancelled = await cancelActive(
        dependencies.context,
        call.principal,
        call.params.conversationId,
        permitOf(call.principal, "cancel"),
      );
      return cancelled === null ? answerNothing(call) : answer(call, 200, cancelled);
    },
  }),
];
