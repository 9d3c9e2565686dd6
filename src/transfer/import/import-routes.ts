import { z } from "zod";
import { authorize } from "../../auth/authorize.ts";
import { answer } from "../../http/request/call.ts";
import { bodyPieces } from "../../http/request/body-pieces.ts";
import { databaseTimestampSchema, decodeCursor, encodeCursor } from "../../http/request/cursor.ts";
import { defaultHttpLimits, type HttpDependencies } from "../../http/dependencies.ts";
import { route, type Route } from "../../http/route.ts";
import { requireStanding } from "../../people/standing.ts";
import { notFound } from "../../protocol/people/access.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { listOf } from "../../protocol/page.ts";
import { pageQuerySchema } from "../../protocol/requests.ts";
import { importReportSchema, importSchema, type ImportStatus } from "../../protocol/transfer.ts";
import { findImport, listImportItems, listImports, type ImportRow } from "../../store/transfer/import-rows.ts";
import { mostFileBytes, startImport } from "./start-import.ts";

const tag = "Transfer";
const bytesPerSecond = 131_072;
const placeSchema = z.strictObject({ at: databaseTimestampSchema, id: idSchema });

const toStatus = (row: ImportRow): ImportStatus => ({
  id: row.id,
  status: row.status,
  error: row.error,
  imported: row.imported,
  skipped: row.skipped,
  failed: row.failed,
  createdAt: row.created_at.toISOString(),
  finishedAt: row.finished_at?.toISOString() ?? null,
});

/** Takes a file in, for a job to read. */
export const startRoute = ({ context, limits }: HttpDependencies): Route =>
  route({
    method: "post",
    path: "/v1/import",
    summary: "Bring conversations along: an export of Natter, ChatGPT or Claude, as zip or JSON",
    tag,
    bytes: "The file itself",
    answers: { 202: { description: "A job reads it", schema: importSchema, headers: ["Location"] } },
    handle: async (call) => {
      const { principal } = call;
      authorize(principal, "create", "workspace");
      const timeoutMs = limits?.bodyMs ?? defaultHttpLimits.bodyMs;
      const content = bodyPieces(call, { maxBytes: mostFileBytes, timeoutMs, bytesPerSecond }, () =>
        requireStanding(context.database, principal),
      );
      const key = { workspaceId: principal.workspaceId, id: await startImport(context, principal, content) };
      const row = await findImport(context.database, key);
      if (row === undefined) throw notFound("import");
      return answer(call, 202, toStatus(row), { location: `${call.basePath}/v1/import/${key.id}` });
    },
  });

/** Those of the caller, from whatever device. */
export const listRoute = ({ context: { database } }: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/imports",
    summary: "Your imports in this workspace, newest first",
    tag,
    query: pageQuerySchema,
    answers: { 200: { description: "A page of them", schema: listOf(importSchema) } },
    handle: async (call) => {
      authorize(call.principal, "account", "workspace");
      const { cursor, limit = 50 } = call.query;
      const page = { after: decodeCursor(placeSchema, cursor), limit: limit + 1 };
      const rows = await listImports(database, call.principal, page);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next = rows.length > limit && last !== undefined ? { at: last.cursor_at, id: last.id } : null;
      return answer(call, 200, { data: shown.map(toStatus), nextCursor: encodeCursor(next) });
    },
  });

/** How far that is. */
export const reportRoute = ({ context: { database } }: HttpDependencies): Route =>
  route({
    method: "get",
    path: "/v1/import/{importId}",
    summary: "How far an import of yours is, and what became of each conversation",
    tag,
    params: z.object({ importId: idSchema }),
    query: pageQuerySchema,
    answers: {
      200: {
        description: "The import with a page of its report",
        schema: importReportSchema,
      },
    },
    handle: async (call) => {
      authorize(call.principal, "account", "workspace");
      const key = { workspaceId: call.principal.workspaceId, id: call.params.importId };
      const row = await findImport(database, key);
      if (row === undefined || row.user_id !== call.principal.userId) throw notFound("import");
      const limit = call.query.limit ?? 100;
      const after = decodeCursor(z.strictObject({ position: z.int().min(0) }), call.query.cursor)?.position ?? 0;
      const rows = await listImportItems(database, key, { after, limit: limit + 1 });
      const items = rows.slice(0, limit).map(({ conversation_id: conversationId, left_out: leftOut, ...item }) => ({
        ...item,
        conversationId,
        leftOut,
      }));
      const last = items.at(-1);
      const next = rows.length > limit && last !== undefined ? { position: last.position } : null;
      return answer(call, 200, { ...toStatus(row), items, nextCursor: encodeCursor(next) });
    },
  });
