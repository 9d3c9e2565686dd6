import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { readAudit } from "../../people/audit.ts";
import { timestampSchema } from "../../protocol/identifiers.ts";
import { auditQuerySchema } from "../../protocol/people-requests.ts";
import { answer } from "../request/call.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../request/cursor.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";
import { listOf } from "../openapi/schemas.ts";

const cursorSchema = z.strictObject({ at: databaseTimestampSchema, id: z.string().max(64) });

const entrySchema = z
  .object({
    id: z.string(),
    at: timestampSchema,
    actorId: z.string().nullable().describe("Who did it; null: the server or its operator"),
    keyId: z.string().nullable().describe("The API key that they used"),
    subjectId: z.string().nullable().describe("Who it was done to, or in whose name"),
    action: z.string(),
    target: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    ip: z.string().nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ id: "AuditEntry" });

const dateOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** Who did what to whom in the caller's workspace. */
export const auditRoutes = ({ context: { database } }: HttpDependencies, path = "/v1/audit"): Route[] => [
  route({
    method: "get",
    path,
    summary: "The audit log of the workspace, newest first",
    tag: "Workspaces",
    query: auditQuerySchema,
    answers: { 200: { description: "A page of it", schema: listOf(entrySchema) } },
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
