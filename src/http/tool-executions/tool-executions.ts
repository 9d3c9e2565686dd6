import { z } from "zod";
import { permitOf } from "../../auth/authorize.ts";
import { cancelToolExecution, retryToolExecution } from "../../conversations/tool-executions/change.ts";
import { getToolExecution, listToolExecutions } from "../../conversations/tool-executions/read.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { pageQuerySchema } from "../../protocol/requests.ts";
import { toolExecutionSchema, usualBackgroundPerUser } from "../../protocol/tool-execution.ts";
import { answer } from "../request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { conversationParams } from "../openapi/schemas.ts";
import { listOf } from "../../protocol/page.ts";

const tag = "Background tools";
const one = { description: "The tool execution", schema: toolExecutionSchema };
const usualPage = 50;

export const toolExecutionParams = z.object({ toolExecutionId: idSchema });
const cursorSchema = z.strictObject({ createdAt: databaseTimestampSchema, id: idSchema });

const readRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/conversations/{conversationId}/tool-executions",
    summary: "Its calls that went to the background, newest first, with progress and results",
    tag,
    params: conversationParams,
    query: pageQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(toolExecutionSchema) } },
    handle: async (call) => {
      const { principal, query, params } = call;
      const page = {
        conversationId: params.conversationId,
        after: decodeCursor(cursorSchema, query.cursor),
        limit: query.limit ?? usualPage,
      };
      const { data, next } = await listToolExecutions(database, principal, page, permitOf(principal, "read"));
      return answer(call, 200, { data, nextCursor: encodeCursor(next) });
    },
  }),
  route({
    method: "get",
    path: "/v1/tool-executions/{toolExecutionId}",
    summary: "One of them",
    tag,
    params: toolExecutionParams,
    answers: { 200: one },
    handle: async (call) => {
      const { principal, params } = call;
      const permit = permitOf(principal, "read");
      return answer(call, 200, await getToolExecution(database, principal, params.toolExecutionId, permit));
    },
  }),
];

/** Background tools of conversations: read, cancelled, done again. */
export const toolExecutionRoutes = (dependencies: HttpDependencies): Route[] => [
  ...readRoutes(dependencies),
  route({
    method: "post",
    path: "/v1/tool-executions/{toolExecutionId}/cancel",
    summary: "Cancel it at once; does nothing to one that has ended",
    tag,
    params: toolExecutionParams,
    answers: { 200: one },
    handle: async (call) => {
      const { principal, params } = call;
      const permit = permitOf(principal, "cancel");
      return answer(
        call,
        200,
        await cancelToolExecution(dependencies.context, principal, params.toolExecutionId, permit),
      );
    },
  }),
  route({
    method: "post",
    path: "/v1/tool-executions/{toolExecutionId}/retry",
    summary: "Have one that failed or was cancelled done again, with the same input; it runs for you",
    tag,
    params: toolExecutionParams,
    answers: { 202: one },
    handle: async (call) => {
      const { principal, params } = call;
      const input = {
        id: params.toolExecutionId,
        perUser: dependencies.context.backgroundPerUser ?? usualBackgroundPerUser,
      };
      // whoever lets a body run again answers for it as for its approval
      const permit = permitOf(principal, "approve");
      return answer(call, 202, await retryToolExecution(dependencies.context, principal, input, permit));
    },
  }),
];
