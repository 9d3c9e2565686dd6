import type { AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import { answerAccepted } from "../answer-accepted.ts";
import type { Call } from "../call.ts";
import { readIdempotency } from "../idempotency.ts";
import { readLastEventId } from "../last-event-id.ts";
import type { ViewDependencies } from "../view.ts";
import { acceptAiSdkRequest } from "./accept-body.ts";
import { asSentenceError } from "./sentence-error.ts";

/**
 * Answers a chat transport of AI SDK with the stream of what it asks for.
 * @throws SentenceError
 */
export const answerAiSdk = async (
  dependencies: ViewDependencies,
  call: Call<unknown, unknown, unknown>,
  request: AiSdkRequest,
): Promise<Response> => {
  try {
    const lastEventId = readLastEventId(call.request.headers);
    const accepted = await acceptAiSdkRequest(dependencies.context, call.principal, request, readIdempotency(call));
    return await answerAccepted(dependencies, call, accepted, lastEventId);
  } catch (thrown) {
    throw asSentenceError(thrown);
  }
};
