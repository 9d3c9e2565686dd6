import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { groupUsage, readUsage } from "../../completions/money/usage.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { usageQuerySchema } from "../../protocol/requests.ts";
import { usagePageSchema, usageSumSchema } from "../../protocol/usage.ts";
import { answer } from "../request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../../protocol/page.ts";

const cursorSchema = z.strictObject({
  createdAt: databaseTimestampSchema,
  completionId: idSchema,
  place: z.string().regex(/^\d{1,40}$/),
});

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

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
        schema: z.union([usagePageSchema, listOf(usageSumSchema)]),
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
