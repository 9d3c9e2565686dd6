import { Hono, type Context } from "hono";
import { getPath } from "hono/utils/url";
import type { IncomingMessage, ServerResponse } from "node:http";
import { asNatterError, NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import { SentenceError } from "./ai-sdk/sentence-error.ts";
import { sentenceResponse } from "./ai-sdk/sentence-response.ts";
import type { Arrival, NodeBindings } from "./call.ts";
import { defaultHttpLimits, type HttpDependencies } from "./dependencies.ts";
import { chatSocketRoute } from "./live/chat-session.ts";
import { createHintHub } from "./live/hint-hub.ts";
import { liveRoute } from "./live/live-session.ts";
import { OpenSockets } from "./live/open-sockets.ts";
import { PresenceHub } from "./live/presence-hub.ts";
import { strippedPrefix, withoutPrefix } from "./mount-path.ts";
import { createOpenStreams } from "./open-streams.ts";
import { parseCall } from "./parse-call.ts";
import { problemResponse } from "./problem.ts";
import type { Route } from "./route.ts";
import { routesOf } from "./routes.ts";
import { createUpgrade, type Upgrade } from "./upgrade.ts";

interface Environment {
  Bindings: NodeBindings & { readonly requestId: string };
}

type HttpContext = Context<Environment>;

/** Natter's HTTP surface. */
export interface Http {
  /** Answers one web request; for hosts that speak `Request` and `Response`. */
  fetch(request: Request): Promise<Response>;
  /** The same with Node's own pair: streams are then written straight to the socket. */
  serve(request: Request, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Response>;
  /** Takes over a connection that asks to become a web socket. */
  readonly upgrade: Upgrade;
  /** `/readyz` answers 503 from now on; everything else still works. */
  beginDrain(): void;
  /** Tells every viewer when to come back, and ends its stream or socket. */
  closeStreams(): void;
  readonly routes: readonly Route[];
}

const requestIdOf = (headers: Headers): string => {
  const given = headers.get("x-request-id");
  return given !== null && /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : createId();
};

const arrivalOf = (context: HttpContext, basePath: string): Arrival => ({
  request: context.req.raw,
  bindings: context.env,
  requestId: context.env.requestId,
  basePath: strippedPrefix(context.env.incoming) ?? basePath,
  startedAt: performance.now(),
});

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const missing = (app: Hono<Environment>, context: HttpContext): Response => {
  const allowed = methods.filter((method) => app.router.match(method, context.req.path)[0].length > 0);
  if (allowed.length === 0)
    return problemResponse(new NatterError("not_found", "There is no such route."), context.env.requestId);
  const error = new NatterError("method_not_allowed", `This route answers to ${allowed.join(", ")}.`);
  return problemResponse(error, context.env.requestId, { allow: allowed.join(", ") });
};

const createHandler = (dependencies: HttpDependencies, route: Route) => {
  const { authenticate, logger, metrics, basePath = "" } = dependencies;
  const limits = {
    maxBytes: dependencies.limits?.bodyBytes ?? defaultHttpLimits.bodyBytes,
    timeoutMs: dependencies.limits?.bodyMs ?? defaultHttpLimits.bodyMs,
  };
  const run = async (arrival: Arrival, context: HttpContext): Promise<Response> => {
    if (route.isOpen) return route.handle(await parseCall(route, arrival, context.req.param(), limits));
    const principal = await authenticate(arrival.request, arrival.bindings.incoming);
    return route.handle({ ...(await parseCall(route, arrival, context.req.param(), limits)), principal });
  };
  return async (context: HttpContext): Promise<Response> => {
    const arrival = arrivalOf(context, basePath);
    const { requestId, startedAt } = arrival;
    const { method } = arrival.request;
    let response: Response;
    try {
      response = await run(arrival, context);
    } catch (thrown) {
      const error = asNatterError(thrown);
      const report = { error, requestId, route: route.path, method };
      if (error.code === "internal") logger.error(report, "a request failed");
      else if (error.status >= 500) logger.warn(report, "a request could not be answered");
      response = error instanceof SentenceError ? sentenceResponse(error, arrival) : problemResponse(error, requestId);
    }
    metrics.countRequest(route.path, method, response.status);
    logger.debug(
      { requestId, route: route.path, method, status: response.status, ms: performance.now() - startedAt },
      "request",
    );
    return response;
  };
};

/** Builds the app from its routes. */
export const createHttp = (given: HttpDependencies): Http => {
  const streams = createOpenStreams();
  const sockets = new OpenSockets();
  const { walls, metrics, logger, context, basePath = "" } = given;
  const hints = createHintHub(context.signals, logger);
  const presence = new PresenceHub(context.signals, logger);
  const dependencies = { ...given, streams, hints, presence };
  metrics.watchViewers(() => [streams.viewers(), sockets.viewers()]);
  let isDraining = false;
  const routes = routesOf(dependencies, () => isDraining);
  const app = new Hono<Environment>({ getPath: (request) => withoutPrefix(getPath(request), basePath) });
  for (const route of routes)
    app.on(route.method.toUpperCase(), route.path.replaceAll(/\{(\w+)\}/g, ":$1"), createHandler(dependencies, route));
  app.notFound((context) => missing(app, context));
  app.onError((error, context) => {
    logger.error({ error, requestId: context.env.requestId }, "a request failed");
    return problemResponse(error, context.env.requestId);
  });
  const enter = async (request: Request, bindings: NodeBindings): Promise<Response> => {
    const requestId = requestIdOf(request.headers);
    try {
      walls(request.method, request.headers, bindings.incoming?.socket.localPort);
    } catch (thrown) {
      return problemResponse(thrown, requestId);
    }
    return app.fetch(request, { ...bindings, requestId });
  };
  return {
    fetch: (request) => enter(request, {}),
    serve: (request, incoming, outgoing) => enter(request, { incoming, outgoing }),
    upgrade: createUpgrade(dependencies, sockets, [liveRoute(dependencies), chatSocketRoute(dependencies)]),
    beginDrain: () => void (isDraining = true),
    closeStreams() {
      streams.closeAll();
      sockets.closeAll();
      hints.close();
      presence.close();
    },
    routes,
  };
};
