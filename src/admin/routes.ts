import { authorize } from "../auth/authorize.ts";
import { answer } from "../http/request/call.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { readIdempotency } from "../http/request/idempotency.ts";
import { auditRoutes } from "../http/people/audit.ts";
import { route, type Route } from "../http/route.ts";
import { acceptedSchema, completionParams, idempotencyHeader } from "../http/openapi/schemas.ts";
import { adminUsageQuerySchema } from "../protocol/admin/queries.ts";
import {
  adminCompletionSchema,
  adminQueueSchema,
  adminTimelineSchema,
  adminUsageSchema,
} from "../protocol/admin/resources.ts";
import { readQueueRow } from "../store/admin/queue-rows.ts";
import { cancelAsAdmin, retryAsAdmin } from "./actions.ts";
import { toQueue } from "./describe.ts";
import { listRoutes } from "./lists.ts";
import { dateOf } from "./page.ts";
import { readTimeline } from "./timeline.ts";
import { readWorkspaceUsage, usageToCsv } from "./usage.ts";

const tag = "Administration";

const figureRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/usage",
    summary: "The ledger of the whole workspace in sums by day, model or user; as JSON or CSV",
    tag,
    query: adminUsageQuerySchema,
    answers: { 200: { description: "All groups; with format=csv one line each", schema: adminUsageSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { from, to, group, format } = call.query;
      const usage = await readWorkspaceUsage(database, call.principal, { from: dateOf(from), to: dateOf(to), group });
      if (format === "json") return answer(call, 200, usage);
      return new Response(usageToCsv(group, usage), {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": `attachment; filename="usage-by-${group}.csv"`,
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
          "x-request-id": call.requestId,
        },
      });
    },
  }),
  route({
    method: "get",
    path: "/v1/admin/queue",
    summary: "What the workspace has before it: completions, background tools, jobs",
    tag,
    answers: { 200: { description: "As it is now", schema: adminQueueSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      return answer(call, 200, toQueue(await readQueueRow(database, call.principal.workspaceId)));
    },
  }),
];

const completionRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/completions/{completionId}",
    summary: "What happened to a completion, and what it cost; nothing of what was said in it",
    tag,
    params: completionParams,
    answers: { 200: { description: "Its timeline", schema: adminTimelineSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      return answer(call, 200, await readTimeline(context.database, call.principal, call.params.completionId));
    },
  }),
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
  ...figureRoutes(dependencies),
  ...auditRoutes(dependencies, "/v1/admin/audit"),
];
