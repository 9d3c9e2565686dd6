import { NatterError } from "../../foundation/errors.ts";
import type { Arrival } from "../request/call.ts";

/** A file in the making. */
export interface Download {
  readonly fileName: string;
  readonly contentType: string;
  readonly pieces: AsyncGenerator<string | Uint8Array>;
  /** Of which conversation all of it is; absent: of more than one, or none. */
  readonly conversationId?: string | undefined;
}

const encoder = new TextEncoder();

const gone = (): NatterError =>
  new NatterError("forbidden", "The download was broken off: its user may not have it any more.");

/** Asks for a piece only when one is read; `breakOff` says how a reader learns that there will be no more of them. */
const openBody = (
  pieces: Download["pieces"],
  over: AbortController,
  {
    breakOff,
    report,
  }: { readonly breakOff: (failReader: () => void) => void; readonly report: (error: unknown) => void },
): ReadableStream<Uint8Array> => {
  let isWhole = false;
  return new ReadableStream(
    {
      start(controller) {
        over.signal.addEventListener("abort", () => {
          if (isWhole) return;
          breakOff(() => controller.error(over.signal.reason));
          pieces.return(undefined).catch(report);
        });
      },
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (over.signal.aborted) return;
          isWhole = done === true;
          if (done !== true) return controller.enqueue(typeof value === "string" ? encoder.encode(value) : value);
          controller.close();
          over.abort();
        } catch (thrown) {
          report(thrown);
          over.abort(thrown);
        }
      },
      cancel: () => over.abort(),
    },
    { highWaterMark: 0 },
  );
};

/**
 * A file that is made no faster than it is read. Its reader has a viewer's seat until the end (the route takes a
 * `download`). It is broken off, never ended as if it were whole, when making it fails or when its user may not be here
 * any more.
 * @throws NatterError `rate_limited`, `unavailable` when there is no seat
 */
export const answerDownload = (arrival: Arrival, download: Download): Response => {
  const { request, bindings, requestId, admitted } = arrival;
  const { fileName, contentType, pieces, conversationId } = download;
  const headers = {
    "content-type": contentType,
    "content-disposition": `attachment; filename="${fileName}"`,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": requestId,
  };
  if (request.method === "HEAD") return new Response(null, { headers });
  const { incoming, outgoing } = bindings;
  const over = new AbortController();
  const stream = { signal: over.signal, end: () => over.abort(gone()) };
  admitted?.streams(stream);
  if (conversationId !== undefined) admitted?.looksAt(conversationId, stream);
  const body = openBody(pieces, over, {
    // Node's adapter would tell the reader the error's text
    breakOff: (failReader) => (outgoing === undefined ? failReader() : void outgoing.destroy()),
    report: (error) => admitted?.reportsFailure(error),
  });
  outgoing?.on("close", () => over.abort());
  if (incoming?.socket.destroyed === true) over.abort();
  return new Response(body, { headers });
};
