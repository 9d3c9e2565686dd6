import { authorize, permitOf } from "../../auth/authorize.ts";
import { getConversation } from "../../conversations/read.ts";
import { NatterError } from "../../foundation/errors.ts";
import { hintSchema, type Hint, type HintSignal } from "../../protocol/hint.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { Arrival } from "../request/call.ts";
import { defaultHttpLimits } from "../dependencies.ts";
import { openEventStream, type EventStream } from "../streams/event-stream.ts";
import { route, type Route, type RouteAnswer } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";
import type { ViewDependencies } from "../streams/view.ts";
import type { LiveDependencies } from "./dependencies.ts";
import { hintOf, mayRead } from "./hint-hub.ts";

const tag = "Live";
const checkMs = 60_000;

const hintsAnswer: RouteAnswer = {
  description:
    "Server-sent events without end: one Hint each. After (re)connecting compare versions and read again what is older",
  contentType: "text/event-stream",
  schema: hintSchema,
};

export type HintDependencies = LiveDependencies & ViewDependencies;

const tellHint = ({ limits }: HintDependencies, stream: EventStream, hint: Hint): void => {
  if (stream.backlog() > (limits?.viewerBytes ?? defaultHttpLimits.viewerBytes)) return stream.destroy();
  stream.write(`data: ${JSON.stringify(hint)}\n\n`);
};

/** Ends the stream when whoever opened it may not any more. */
const endWithIdentity = (
  { authenticate, logger }: HintDependencies,
  { request, bindings }: Arrival,
  stream: EventStream,
  principal: Principal,
): void => {
  const check = async (): Promise<void> => {
    const { userId, workspaceId } = await authenticate(request, bindings.incoming);
    if (userId !== principal.userId || workspaceId !== principal.workspaceId) stream.end();
  };
  const timer = setInterval(() => {
    check().catch((error: unknown) => {
      logger.info({ error }, "a stream of hints ends with the identity that opened it");
      stream.end();
    });
  }, checkMs).unref();
  stream.signal.addEventListener("abort", () => clearInterval(timer), { once: true });
};

const openHints = (
  dependencies: HintDependencies,
  arrival: Arrival,
  principal: Principal,
): { response: Response; stream: EventStream | null } => {
  const opened = openEventStream(arrival, {});
  const { stream } = opened;
  if (stream === null) return opened;
  stream.write(": hints follow\n\n");
  endWithIdentity(dependencies, arrival, stream, principal);
  dependencies.streams.add(stream);
  return opened;
};

const answerSidebar = async (
  dependencies: HintDependencies,
  arrival: Arrival,
  principal: Principal,
): Promise<Response> => {
  const { hints } = dependencies;
  await hints.ready();
  const { response, stream } = openHints(dependencies, arrival, principal);
  if (stream === null) return response;
  const stop = hints.ofOwner(principal, (signal) => tellHint(dependencies, stream, hintOf(signal)));
  stream.signal.addEventListener("abort", stop, { once: true });
  return response;
};

const answerConversation = async (
  dependencies: HintDependencies,
  arrival: Arrival,
  principal: Principal,
  id: string,
): Promise<Response> => {
  const { context, hints } = dependencies;
  await hints.ready();
  const early: HintSignal[] = [];
  let hear = (signal: HintSignal): void => void early.push(signal);
  const stop = hints.ofConversation(principal, id, (signal) => hear(signal));
  try {
    const { version } = await getConversation(context.database, principal, id, permitOf(principal, "read"));
    const { response, stream } = openHints(dependencies, arrival, principal);
    if (stream === null) {
      stop();
      return response;
    }
    stream.signal.addEventListener("abort", stop, { once: true });
    tellHint(dependencies, stream, { kind: "conversation", id, conversationId: id, version });
    hear = (signal) => (mayRead(principal, signal) ? tellHint(dependencies, stream, hintOf(signal)) : stream.end());
    for (const signal of early) hear(signal);
    return response;
  } catch (thrown) {
    stop();
    throw thrown;
  }
};

/** A web socket's place among the routes: its upgrade never comes here. */
const socketRoute = (path: string, summary: string): Route =>
  route({
    method: "get",
    path,
    summary,
    tag,
    answers: { 101: { description: "A web socket from here on; docs/live.md tells its frames" } },
    handle: ({ principal }) => {
      authorize(principal, "account", "workspace");
      throw new NatterError("upgrade_required", "This route is a web socket: connect to it with ws:// or wss://.");
    },
  });

/** Hints as server-sent events, for clients without a web socket; and what the sockets answer to a plain request. */
export const hintRoutes = (dependencies: HintDependencies): Route[] => [
  socketRoute("/v1/live", "Web socket of a page: hints, presence, chunks of any completion"),
  socketRoute("/v1/ws", "Web socket with the frames of AI SDK's WebSocketChatTransport"),
  route({
    method: "get",
    path: "/v1/events",
    summary: "Hints of what changes in your conversations",
    tag,
    takes: ["seat"],
    answers: { 200: hintsAnswer },
    handle: (call) => {
      authorize(call.principal, "account", "workspace");
      return answerSidebar(dependencies, call, call.principal);
    },
  }),
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/events",
    summary: "Hints of what changes in a conversation; its version now comes first",
    tag,
    params: conversationParams,
    takes: ["seat"],
    answers: { 200: hintsAnswer },
    handle: (call) => answerConversation(dependencies, call, call.principal, call.params.conversationId),
  }),
];
