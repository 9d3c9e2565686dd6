import { z } from "zod";
import { authorize } from "../auth/authorize.ts";
import { readUsage } from "../completions/usage.ts";
import { idSchema, timestampSchema } from "../protocol/identifiers.ts";
import { roleSchema } from "../protocol/principal.ts";
import { usageQuerySchema } from "../protocol/requests.ts";
import { answer } from "./call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "./cursor.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { route, type Route } from "./route.ts";

const tag = "Account";

const meSchema = z
  .object({
    userId: z.string(),
    workspaceId: z.string(),
    role: roleSchema,
    name: z.string().nullable(),
    hasSession: z.boolean().describe("Signed in with a password, and so can sign out"),
  })
  .meta({ id: "Me" });

const usageLineSchema = z
  .object({
    completionId: idSchema,
    conversationId: idSchema,
    step: z.int(),
    model: z.string(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cacheReadTokens: z.int(),
    cacheWriteTokens: z.int(),
    reasoningTokens: z.int(),
    costMicros: z.int().nullable().describe("Millionths of a dollar; null when the model's price is not known"),
    estimated: z.boolean(),
    cached: z.boolean().describe("The answer came from the cache"),
    userId: z.string(),
    keyId: z.string().nullable(),
    createdAt: timestampSchema,
  })
  .meta({ id: "UsageLine" });

const totalsSchema = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMicros: z.int(),
  calls: z.int(),
  unpricedCalls: z.int(),
});

const cursorSchema = z.strictObject({
  createdAt: databaseTimestampSchema,
  completionId: idSchema,
  place: z.string().regex(/^\d{1,40}$/),
});

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

export const accountRoutes = ({ context }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/me",
    summary: "Who you are here",
    tag,
    answers: { 200: { description: "You", schema: meSchema } },
    handle: (call) => {
      authorize(call.principal, "account", "workspace");
      const { userId, workspaceId, role, name, sessionId } = call.principal;
      return answer(call, 200, { userId, workspaceId, role, name, hasSession: sessionId !== undefined });
    },
  }),
  route({
    method: "get",
    path: "/v1/usage",
    summary: "Your ledger: one line per model call, newest first, and the sums of the time asked for",
    tag,
    query: usageQuerySchema,
    answers: {
      200: {
        description: "A page of it",
        schema: z.object({ data: z.array(usageLineSchema), totals: totalsSchema, nextCursor: z.string().nullable() }),
      },
    },
    handle: async (call) => {
      authorize(call.principal, "account", "workspace");
      const { from, to, cursor, limit } = call.query;
      const query = {
        from: dateOf(from),
        to: dateOf(to),
        cursor: decodeCursor(cursorSchema, cursor),
        limit: limit ?? 50,
      };
      const { data, totals, nextCursor } = await readUsage(context.database, call.principal, query);
      return answer(call, 200, { data, totals, nextCursor: encodeCursor(nextCursor) });
    },
  }),
];
