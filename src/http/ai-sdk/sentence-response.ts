import type { Arrival } from "../request/call.ts";
import { detailOf, problemHeaders } from "../problem.ts";
import type { SentenceError } from "./sentence-error.ts";

/** A refusal as AI SDK clients show it: the body is one sentence, the code stands in `X-Natter-Code`. */
export const sentenceResponse = (error: SentenceError, { requestId }: Pick<Arrival, "requestId">): Response =>
  new Response(detailOf(error), {
    status: error.status,
    headers: {
      ...problemHeaders(error, requestId),
      "content-type": "text/plain; charset=utf-8",
      "x-natter-code": error.code,
    },
  });
