import { z } from "zod";
import { permitOf } from "../../auth/authorize.ts";
import { openAttachment } from "../../conversations/files/attachments.ts";
import { rasterImages } from "../../conversations/files/media-type.ts";
import { notFound } from "../../protocol/people/access.ts";
import { idSchema } from "../../protocol/identifiers.ts";
import { readByteRange } from "../request/byte-range.ts";
import type { Call } from "../request/call.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { route, type Route } from "../route.ts";

const attachmentParams = z.object({ attachmentId: idSchema });

type Attachment = Awaited<ReturnType<typeof openAttachment>>;

const escaped = (name: string): string =>
  encodeURIComponent(name).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** RFC 6266: shown only where a browser shows pixels and runs nothing. */
const dispositionOf = ({ media_type: mediaType, file_name: name }: Attachment): string => {
  const kind = rasterImages.includes(mediaType) ? "inline" : "attachment";
  if (name === null) return kind;
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  return `${kind}; filename="${plain}"; filename*=UTF-8''${escaped(name)}`;
};

const headersOf = (call: Call<unknown, unknown, unknown>, row: Attachment): Record<string, string> => ({
  "content-type": row.media_type,
  "content-disposition": dispositionOf(row),
  "content-security-policy": "sandbox; default-src 'none'",
  "cross-origin-resource-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  // asked again each time: whoever lost access must not read on from a cache
  "cache-control": "private, no-cache",
  "accept-ranges": "bytes",
  etag: `"${row.sha256}"`,
  "x-request-id": call.requestId,
});

const isKnown = (call: Call<unknown, unknown, unknown>, etag: string): boolean => {
  const tags = call.request.headers.get("if-none-match")?.split(",") ?? [];
  return tags.some((tag) => tag.trim().replace(/^W\//, "") === etag || tag.trim() === "*");
};

const wantedRange = ({ request: { headers } }: Call<unknown, unknown, unknown>, etag: string): string | null => {
  const condition = headers.get("if-range");
  return condition === null || condition === etag ? headers.get("range") : null;
};

const streamOf = (content: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> => {
  const pieces = content[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await pieces.return?.();
    },
  });
};

const answerFile = async (
  { context: { blobs } }: HttpDependencies,
  call: Call<unknown, unknown, unknown>,
  row: Attachment,
): Promise<Response> => {
  const etag = `"${row.sha256}"`;
  const headers = headersOf(call, row);
  if (isKnown(call, etag)) return new Response(null, { status: 304, headers });
  const range = readByteRange(wantedRange(call, etag), row.bytes);
  if (range === "unsatisfiable")
    return new Response(null, { status: 416, headers: { ...headers, "content-range": `bytes */${row.bytes}` } });
  const blob = await blobs.get(row.id, range ?? undefined);
  if (blob === null) throw notFound("attachment");
  const body = call.request.method === "HEAD" ? null : streamOf(blob.content);
  if (range === null) return new Response(body, { headers: { ...headers, "content-length": String(row.bytes) } });
  return new Response(body, {
    status: 206,
    headers: {
      ...headers,
      "content-length": String(range.last - range.first + 1),
      "content-range": `bytes ${range.first}-${range.last}/${row.bytes}`,
    },
  });
};

/** Files of messages, as bytes that a browser will not run. */
export const attachmentRoutes = (dependencies: HttpDependencies): Route[] => [
  route({
    method: "get",
    path: "/v1/attachments/{attachmentId}",
    summary: "A file; images may be shown, everything else is a download",
    tag: "Attachments",
    params: attachmentParams,
    headers: { Range: "One range of bytes", "If-None-Match": "ETag of what is known already; 304 then" },
    answers: {
      200: { description: "The bytes", schema: z.string(), contentType: "application/octet-stream", headers: ["ETag"] },
      206: { description: "A range of them", headers: ["Content-Range"] },
      304: { description: "Nothing has changed" },
      416: { description: "The range begins after the end", headers: ["Content-Range"] },
    },
    handle: async (call) => {
      const permit = permitOf(call.principal, "read");
      const row = await openAttachment(dependencies.context.database, call.principal, call.params.attachmentId, permit);
      return answerFile(dependencies, call, row);
    },
  }),
];
