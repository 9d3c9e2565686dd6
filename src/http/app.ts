import { Hono } from "hono";
import { getPath } from "hono/utils/url";
import type { IncomingMessage, ServerResponse } from "node:http";
import { NatterError } from "../foundation/errors.ts";
import { createId } from "../foundation/ids.ts";
import type { Logger } from "../foundation/logger.ts";
import { withinRequest } from "../foundation/request-scope.ts";
import { createCallerAddress } from "./admission/caller-address.ts";
import { createAdmission } from "./admission/admission.ts";
import type { NodeBindings } from "./request/call.ts";
import { defaultHttpLimits, type HttpDependencies } from "./dependencies.ts";
import { createRouteHandler, type HttpContext, type HttpEnvironment, type RouteHandler } from "./handle-route.ts";
import { healthRoutes } from "./health.ts";
import { chatSocketRoute } from "./live/chat-session.ts";
import { createHintHub } from "./live/hint-hub.ts";
import { liveRoute } from "./live/live-session.ts";
import { OpenSockets } from "./live/open-sockets.ts";
import { PresenceHub } from "./live/presence-hub.ts";
import { withoutPrefix } from "./server/mount-path.ts";
import { createOpenStreams } from "./streams/open-streams.ts";
import { createStandingWatch } from "./people/standing-watch.ts";
import { problemResponse } from "./problem.ts";
import type { Route } from "./route.ts";
import { routesOf } from "./routes.ts";
import { createUpgrade, type Upgrade } from "./server/upgrade.ts";

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

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const missing = (app: Hono<HttpEnvironment>, context: HttpContext): Response => {
  const allowed = methods.filter((method) => app.router.match(method, context.req.path)[0].length > 0);
  if (allowed.length === 0)
    return problemResponse(new NatterError("not_found", "There is no such route."), context.env.requestId);
  const error = new NatterError("method_not_allowed", `This route answers to ${allowed.join(", ")}.`);
  return problemResponse(error, context.env.requestId, { allow: allowed.join(", ") });
};

const register = (app: Hono<HttpEnvironment>, { method, path }: Route, handle: RouteHandler): void =>
  void app.on(method.toUpperCase(), path.replaceAll(/\{(\w+)\}/g, ":$1"), handle);

/** What hears for all viewers of this node what other nodes tell. */
const createHubs = ({ context: { database, signals }, logger, forgetUser = () => {} }: HttpDependencies) => ({
  hints: createHintHub(signals, logger),
  presence: new PresenceHub(signals, logger),
  standing: createStandingWatch({ database, signals, logger, forgetUser }),
});

/** An app without routes, which answers what it has none for. */
const createApp = (basePath: string, logger: Logger): Hono<HttpEnvironment> => {
  const app = new Hono<HttpEnvironment>({ getPath: (request) => withoutPrefix(getPath(request), basePath) });
  app.notFound((context) => missing(app, context));
  app.onError((error, context) => {
    logger.error({ error, requestId: context.env.requestId }, "a request failed");
    return problemResponse(error, context.env.requestId);
  });
  return app;
};

/** Builds the app from its routes. */
export const createHttp = (given: HttpDependencies): Http => {
  const streams = createOpenStreams();
  const sockets = new OpenSockets();
  const { walls, metrics, logger, basePath = "", callerAddress = createCallerAddress([]) } = given;
  const hubs = createHubs(given);
  const dependencies = { ...given, streams, ...hubs };
  metrics.watchViewers(() => [streams.viewers(), sockets.viewers()]);
  let isDraining = false;
  const admission = createAdmission({ ...defaultHttpLimits, ...given.limits }, given.limiter);
  const isServing = given.servesRequests !== false;
  const routes = (isServing ? routesOf : healthRoutes)(dependencies, () => isDraining);
  const app = createApp(basePath, logger);
  for (const route of routes) register(app, route, createRouteHandler(dependencies, admission, route));
  const enter = async (request: Request, bindings: NodeBindings): Promise<Response> => {
    const requestId = requestIdOf(request.headers);
    try {
      walls(request.method, request.headers, bindings.incoming?.socket.localPort);
    } catch (thrown) {
      return problemResponse(thrown, requestId);
    }
    const remote = bindings.incoming?.socket.remoteAddress;
    const scope = {
      requestId,
      traceparent: request.headers.get("traceparent"),
      arrivedAt: Date.now(),
      address: callerAddress(remote, request.headers.get("x-forwarded-for")),
    };
    return withinRequest(scope, () => app.fetch(request, { ...bindings, requestId }));
  };
  return {
    fetch: (request) => enter(request, {}),
    serve: (request, incoming, outgoing) => enter(request, { incoming, outgoing }),
    upgrade: createUpgrade(
      { ...dependencies, seats: admission.seats },
      sockets,
      isServing ? [liveRoute(dependencies), chatSocketRoute(dependencies)] : [],
    ),
    beginDrain: () => void (isDraining = true),
    closeStreams() {
      streams.closeAll();
      sockets.closeAll();
      for (const hub of Object.values(hubs)) hub.close();
    },
    routes,
  };
};
