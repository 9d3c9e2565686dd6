import type { Context } from "hono";
import { principalNamed } from "../auth/other-principals.ts";
import { asNatterError } from "../foundation/errors.ts";
import { gateText } from "../foundation/text-gate.ts";
import {
  admitAnybody,
  admitUser,
  createToldHeaders,
  type Admission,
  type ToldHeaders,
  type ViewerStream,
} from "./admission/admission.ts";
import { SentenceError } from "./ai-sdk/sentence-error.ts";
import { sentenceResponse } from "./ai-sdk/sentence-response.ts";
import { requireStanding } from "../people/standing.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { Seat } from "./admission/seats.ts";
import type { Arrival, NodeBindings } from "./request/call.ts";
import { defaultHttpLimits, type HttpDependencies } from "./dependencies.ts";
import { strippedPrefix } from "./server/mount-path.ts";
import { parseCall } from "./request/parse-call.ts";
import { throughAccept } from "./accept/through-accept.ts";
import { problemResponse } from "./problem.ts";
import type { Route } from "./route.ts";
import { endWhenHidden } from "./live/end-when-hidden.ts";
import type { HintHub } from "./live/hint-hub.ts";
import type { StandingWatch } from "./people/standing-watch.ts";

export interface HttpEnvironment {
  Bindings: NodeBindings & { readonly requestId: string };
}

export type HttpContext = Context<HttpEnvironment>;

export type RouteDependencies = HttpDependencies & {
  readonly standing: StandingWatch;
  readonly hints: Pick<HintHub, "ofConversation">;
};

export type RouteHandler = (context: HttpContext) => Promise<Response>;

const arrivalOf = (context: HttpContext, basePath: string): Arrival => ({
  request: context.req.raw,
  bindings: context.env,
  requestId: context.env.requestId,
  basePath: strippedPrefix(context.env.incoming) ?? basePath,
  startedAt: performance.now(),
});

interface Asked {
  readonly arrival: Arrival;
  readonly params: Readonly<Record<string, string>>;
  readonly told: ToldHeaders;
}

/** Who asks, or whoever they ask for. */
const identify = async (
  { authenticate, context }: HttpDependencies,
  route: Route,
  { arrival, params }: Asked,
): Promise<Principal> => {
  const principal = await authenticate(arrival.request, arrival.bindings.incoming);
  return route.isOfUser === true
    ? principalNamed(context.database, principal, gateText(params["userId"] ?? ""))
    : principal;
};

/** Lets a request in, step by step, and hands it to its route: nothing is stored before it has all that it takes. */
const createRun = (dependencies: RouteDependencies, admission: Admission, route: Route) => {
  const { standing, logger } = dependencies;
  const hold = (principal: Principal, stream: ViewerStream, seat: Seat): void => {
    seat.hold(stream.signal);
    standing.watch(principal, { signal: stream.signal, cut: () => stream.end() });
  };
  const limits = {
    maxBytes: dependencies.limits?.bodyBytes ?? defaultHttpLimits.bodyBytes,
    timeoutMs: dependencies.limits?.bodyMs ?? defaultHttpLimits.bodyMs,
  };
  return async (asked: Asked): Promise<Response> => {
    const { arrival, params, told } = asked;
    await admitAnybody(admission, route, arrival, told);
    if (route.isOpen) {
      return route.handle(await parseCall(route, arrival, params, limits));
    }
    const pass = admission.gate.enter();
    try {
      if (route.signed?.isSigned(arrival.request) === true) return await route.signed.handle(arrival, params, limits);
      const principal = await identify(dependencies, route, asked);
      pass.claim(principal.userId);
      const call = { ...(await parseCall(route, arrival, params, limits)), principal };
      if (performance.now() - arrival.startedAt > limits.timeoutMs)
        await requireStanding(dependencies.context.database, principal);
      const seat = await admitUser(admission, route, call, told);
      try {
        return await throughAccept(
          dependencies,
          route,
          told,
        )({
          ...call,
          admitted: {
            waits: () => pass.leave(),
            streams: (stream) => hold(principal, stream, seat ?? admission.seats.take(principal.userId)),
            reportsFailure: (error) =>
              logger.error({ error, requestId: arrival.requestId, route: route.path }, "a download broke off"),
            looksAt: (conversationId, stream) => endWhenHidden(dependencies.hints, principal, conversationId, stream),
          },
        });
      } finally {
        seat?.leave();
      }
    } finally {
      pass.leave();
    }
  };
};

/** Answers the requests of a route, whatever happens. */
export const createRouteHandler = (
  dependencies: RouteDependencies,
  admission: Admission,
  route: Route,
): RouteHandler => {
  const { logger, metrics, basePath = "" } = dependencies;
  const run = createRun(dependencies, admission, route);
  const refuse = (thrown: unknown, arrival: Arrival): Response => {
    const error = asNatterError(thrown);
    const { requestId, request } = arrival;
    const report = { error, requestId, route: route.path, method: request.method };
    if (error.code === "internal") logger.error(report, "a request failed");
    else if (error.status >= 500) logger.warn(report, "a request could not be answered");
    return error instanceof SentenceError ? sentenceResponse(error, arrival) : problemResponse(error, requestId);
  };
  return async (context) => {
    const arrival = arrivalOf(context, basePath);
    const { requestId, startedAt } = arrival;
    const { method } = arrival.request;
    const told = createToldHeaders(arrival);
    const response = await run({ arrival, params: context.req.param(), told }).catch((thrown: unknown) =>
      refuse(thrown, arrival),
    );
    told.addTo(response);
    metrics.countRequest(route.path, method, response.status);
    logger.debug(
      { requestId, route: route.path, method, status: response.status, ms: performance.now() - startedAt },
      "request",
    );
    return response;
  };
};
