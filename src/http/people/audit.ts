import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { readAudit } from "../../people/audit.ts";
import { auditEntrySchema } from "../../protocol/admin/audit.ts";
import { auditQuerySchema } from "../../protocol/people/people-requests.ts";
import { answer } from "../request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../../protocol/page.ts";

const cursorSchema = z.strictObject({ at: databaseTimestampSchema, id: z.string().max(64) });

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** Who did what to whom in the caller's workspace. */
export const auditRoutes = ({ context: { database } }: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/audit",
    summary: "The audit log of the workspace, newest first",
    tag: "Workspaces",
    query: auditQuerySchema,
    answers: { 200: { description: "A page of it", schema: listOf(auditEntrySchema) } },
    handle: async (call) => {
      authorize(call.principal, "audit", "workspace");
      const { from, to, cursor, limit, ...filter } = call.query;
      const { data, nextCursor } = await readAudit(database, call.principal, {
        ...filter,
        from: dateOf(from),
        to: dateOf(to),
        cursor: decodeCursor(cursorSchema, cursor),
        limit: limit ?? 50,
      });
      return answer(call, 200, { data, nextCursor: encodeCursor(nextCursor) });
    },
  }),
];
