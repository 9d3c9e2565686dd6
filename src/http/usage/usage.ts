import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { groupUsage, readUsage } from "../../completions/money/usage.ts";
import { idSchema, timestampSchema } from "../../protocol/identifiers.ts";
import { usageQuerySchema } from "../../protocol/requests.ts";
import { answer } from "../request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";

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

const usageSumSchema = totalsSchema
  .extend({ key: z.string().describe("The day as 2026-01-31, the model, or the user's id") })
  .meta({ id: "UsageSum" });

const groupCursorSchema = z.strictObject({ key: z.string().max(300) });

/** The ledger: one's own, or a workspace's for whoever administers it. */
export const usageRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/usage",
    summary:
      "Your ledger: one line per model call, newest first, and the sums of the time asked for; or its sums by group",
    tag: "Account",
    query: usageQuerySchema,
    answers: {
      200: {
        description: "A page of it; with group, sums without totals",
        schema: z.object({
          data: z.union([z.array(usageLineSchema), z.array(usageSumSchema)]),
          totals: totalsSchema.optional(),
          nextCursor: z.string().nullable(),
        }),
      },
    },
    handle: async (call) => {
      const { from, to, scope, group: by, cursor, limit } = call.query;
      const isOfWorkspace = scope === "workspace";
      authorize(call.principal, isOfWorkspace ? "administer" : "account", "workspace");
      const query = { from: dateOf(from), to: dateOf(to), isOfWorkspace, limit: limit ?? 50 };
      if (by !== undefined) {
        const after = decodeCursor(groupCursorSchema, cursor)?.key;
        const { data, next } = await groupUsage(database, call.principal, { ...query, by, after });
        return answer(call, 200, { data, nextCursor: encodeCursor(next === null ? null : { key: next }) });
      }
      const lines = { ...query, cursor: decodeCursor(cursorSchema, cursor) };
      const { data, totals, nextCursor } = await readUsage(database, call.principal, lines);
      return answer(call, 200, { data, totals, nextCursor: encodeCursor(nextCursor) });
    },
  }),
];
