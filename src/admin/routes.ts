import { authorize } from "../auth/authorize.ts";
import { answer } from "../http/request/call.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { readIdempotency } from "../http/request/idempotency.ts";
import { route, type Route } from "../http/route.ts";
import { completionParams, idempotencyHeader } from "../http/openapi/schemas.ts";
import { adminChunksSchema } from "../protocol/admin/chunks.ts";
import { adminChunksQuerySchema } from "../protocol/admin/queries.ts";
import { adminCompletionSchema, adminTimelineSchema } from "../protocol/admin/resources.ts";
import { cancelAsAdmin, retryAsAdmin } from "./actions.ts";
import { figureRoutes } from "./figure-routes.ts";
import { keyRoutes } from "./key-routes.ts";
import { listRoutes } from "./lists.ts";
import { readRawChunks } from "./raw-chunks.ts";
import { serverRoute } from "./server-route.ts";
import { readTimeline } from "./timeline.ts";
import { acceptedSchema } from "../protocol/accepted.ts";

const tag = "Administration";

const completionRoutes = (dependencies: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/completions/{completionId}",
    summary: "What happened to a completion, and what it cost; nothing of what was said in it",
    tag,
    params: completionParams,
    answers: { 200: { description: "Its timeline", schema: adminTimelineSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { database } = dependencies.context;
      return answer(call, 200, await readTimeline(database, call.principal, call.params.completionId));
    },
  }),
  route({
    method: "get",
    path: "/v1/admin/completions/{completionId}/chunks",
    summary: "The chunks of a completion as they are stored; what is in them only where you may read the conversation",
    tag,
    params: completionParams,
    query: adminChunksQuerySchema,
    answers: { 200: { description: "A page of them", schema: adminChunksSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const query = { ...call.query, ...call.params };
      return answer(call, 200, await readRawChunks(dependencies, call.principal, query));
    },
  }),
];

const actionRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "post",
    path: "/v1/admin/completions/{completionId}/cancel",
    summary: "Cancel a completion of anybody; does nothing to one that has ended",
    tag,
    params: completionParams,
    answers: { 200: { description: "The completion", schema: adminCompletionSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      return answer(call, 200, await cancelAsAdmin(context, call.principal, call.params.completionId));
    },
  }),
  route({
    method: "post",
    path: "/v1/admin/completions/{completionId}/retry",
    summary: "Answer the same message again, in the name of whoever asked",
    tag,
    params: completionParams,
    headers: idempotencyHeader,
    takes: ["send"],
    answers: {
      202: { description: "It is queued; read it where Location says", schema: acceptedSchema, headers: ["Location"] },
    },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const input = { completionId: call.params.completionId, idempotency: readIdempotency(call) };
      const { conversationId, completionId, messageId, userMessageId, sequence } = await retryAsAdmin(
        context,
        call.principal,
        input,
      );
      const location = `${call.basePath}/v1/admin/completions/${completionId}`;
      return answer(call, 202, { conversationId, completionId, messageId, userMessageId, sequence }, { location });
    },
  }),
];

/** What owners and admins see of their workspace as a whole, and do for it. */
export const adminRoutes = (dependencies: HttpDependencies): Route[] => [
  ...listRoutes(dependencies),
  ...completionRoutes(dependencies),
  ...actionRoutes(dependencies),
  ...figureRoutes(dependencies),
  ...keyRoutes(dependencies),
  serverRoute(dependencies),
];
