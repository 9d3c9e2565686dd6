import type { AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import type { Call } from "../request/call.ts";
import { readIdempotency } from "../request/idempotency.ts";
import { readLastEventId } from "../streams/last-event-id.ts";
import { answerShowing, type ViewDependencies } from "../streams/view.ts";
import { asSentenceError } from "./sentence-error.ts";
import { showRequest } from "./show-request.ts";
import type { WaitingDependencies } from "./until-waiting.ts";

/**
 * Answers a chat transport of AI SDK with the stream of what it asks for.
 * @throws SentenceError
 */
export const answerAiSdk = async (
  dependencies: ViewDependencies & WaitingDependencies,
  call: Call<unknown, unknown, unknown>,
  request: AiSdkRequest,
): Promise<Response> => {
  try {
    const lastEventId = readLastEventId(call.request.headers);
    const options = { lastEventId, idempotency: readIdempotency(call) };
    return answerShowing(dependencies, call, await showRequest(dependencies, call.principal, request, options));
  } catch (thrown) {
    throw asSentenceError(thrown);
  }
};
