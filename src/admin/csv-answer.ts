import type { Arrival } from "../http/request/call.ts";
import { streamTexts } from "../transfer/stream-texts.ts";

/** A file of CSV that is made no faster than it is read. */
export const answerCsv = (arrival: Arrival, name: string, lines: AsyncGenerator<string>): Response =>
  new Response(streamTexts(lines), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${name}.csv"`,
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-request-id": arrival.requestId,
    },
  });
