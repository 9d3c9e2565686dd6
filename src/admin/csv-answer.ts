import type { Arrival } from "../http/request/call.ts";
import { answerDownload } from "../http/streams/answer-download.ts";

/** A file of CSV that is made no faster than it is read. @throws NatterError `rate_limited`, `unavailable` */
export const answerCsv = (arrival: Arrival, name: string, pieces: AsyncGenerator<string>): Response =>
  answerDownload(arrival, { fileName: `${name}.csv`, contentType: "text/csv; charset=utf-8", pieces });
