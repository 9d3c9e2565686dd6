import { authorize } from "../auth/authorize.ts";
import type { HttpDependencies } from "../http/dependencies.ts";
import { answer } from "../http/request/call.ts";
import { route, type Route } from "../http/route.ts";
import { adminOverviewSchema, adminQueueSchema, adminUsageSchema } from "../protocol/admin/figures.ts";
import { adminOverviewQuerySchema, adminUsageQuerySchema } from "../protocol/admin/queries.ts";
import { readQueueRow } from "../store/admin/queue-rows.ts";
import { answerCsv } from "./csv-answer.ts";
import { toQueue } from "./describe.ts";
import { readOverview } from "./overview.ts";
import { spanOf } from "./page.ts";
import { readWorkspaceUsage, usageLines } from "./usage.ts";

const tag = "Administration";

/** What a workspace does and costs, in sums. */
export const figureRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/admin/overview",
    summary: "What happened in the workspace in a time, in figures",
    tag,
    query: adminOverviewQuerySchema,
    answers: { 200: { description: "Of all times, where none is given", schema: adminOverviewSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      return answer(call, 200, await readOverview(database, call.principal, spanOf(call.query)));
    },
  }),
  route({
    method: "get",
    path: "/v1/admin/usage",
    summary: "The ledger of the whole workspace in sums by day, model, user or agent; as JSON or CSV",
    tag,
    takes: ["download"],
    query: adminUsageQuerySchema,
    answers: { 200: { description: "All groups; with format=csv one line each", schema: adminUsageSchema } },
    handle: async (call) => {
      authorize(call.principal, "administer", "workspace");
      const { userId, group, zone, format } = call.query;
      const query = { ...spanOf(call.query), userId, group, zone };
      const usage = await readWorkspaceUsage(database, call.principal, query);
      return format === "json"
        ? answer(call, 200, usage)
        : answerCsv(call, `usage-by-${group}`, usageLines(group, usage));
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
