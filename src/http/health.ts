import { z } from "zod";
import { isSameSecret } from "../auth/loopback-token.ts";
import { bearerToken } from "../auth/credentials.ts";
import { answer, type OpenCall } from "./request/call.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { openRoute, type Route } from "./route.ts";

const checksSchema = z.object({ status: z.string(), checks: z.record(z.string(), z.boolean()) });

const isMetricsToken = ({ request }: OpenCall<unknown, unknown, unknown>, token: string | undefined): boolean => {
  if (token === undefined) return false;
  const given = bearerToken(request.headers);
  return given !== null && isSameSecret(given, token);
};

/** Whether this node lives, takes requests, and what it has counted. */
export const healthRoutes = (dependencies: HttpDependencies, isDraining: () => boolean): Route[] => [
  openRoute({
    method: "get",
    path: "/healthz",
    summary: "Whether the process answers",
    tag: "Operation",
    answers: { 200: { description: "It does", schema: z.object({ status: z.literal("ok") }) } },
    handle: (call) => answer(call, 200, { status: "ok" }),
  }),
  openRoute({
    method: "get",
    path: "/readyz",
    summary: "Whether this node takes requests",
    tag: "Operation",
    answers: {
      200: { description: "It does", schema: checksSchema },
      503: { description: "Not now", schema: checksSchema },
    },
    handle: async (call) => {
      const checks = { ...(await dependencies.readiness()), accepting: !isDraining() };
      const isReady = Object.values(checks).every(Boolean);
      return answer(call, isReady ? 200 : 503, { status: isReady ? "ready" : "not ready", checks });
    },
  }),
  openRoute({
    method: "get",
    path: "/metrics",
    summary: "Counters for Prometheus; with a principal or NATTER_METRICS_TOKEN",
    tag: "Operation",
    answers: { 200: { description: "Exposition format", schema: z.string(), contentType: "text/plain" } },
    handle: async (call) => {
      if (!isMetricsToken(call, dependencies.metricsToken))
        await dependencies.authenticate(call.request, call.bindings.incoming);
      const { contentType, text } = await dependencies.metrics.render();
      return new Response(text, {
        headers: { "content-type": contentType, "cache-control": "no-store", "x-request-id": call.requestId },
      });
    },
  }),
];
