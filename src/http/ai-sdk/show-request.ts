import type { AnswerOptions } from "../../conversations/sending/accept.ts";
import type { AiSdkRequest } from "../../protocol/ai-sdk-request.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { SeenPosition } from "../streams/last-event-id.ts";
import { findShowing, showingFromStart, type Showing } from "../streams/view.ts";
import { acceptAiSdkRequest } from "./accept-body.ts";
import { answerQuestions } from "./answer-questions.ts";
import { untilWaiting, type WaitingDependencies } from "./until-waiting.ts";

interface ShowOptions {
  readonly idempotency?: AnswerOptions["idempotency"];
  readonly lastEventId?: SeenPosition | null;
}

const showingOf = async (
  dependencies: WaitingDependencies,
  principal: Principal,
  request: AiSdkRequest,
  { idempotency, lastEventId = null }: ShowOptions,
): Promise<Showing> => {
  if (request.messages.last.role === "assistant") return answerQuestions(dependencies, principal, request);
  const accepted = await acceptAiSdkRequest(dependencies.context, principal, request, idempotency);
  return accepted.replayed ? findShowing(dependencies, accepted, lastEventId) : showingFromStart(accepted);
};

/** Takes a request of a chat transport: what its client is owed for it, until it is asked something. */
export const showRequest = async (
  dependencies: WaitingDependencies,
  principal: Principal,
  request: AiSdkRequest,
  options: ShowOptions = {},
): Promise<Showing> =>
  untilWaiting(dependencies, await showingOf(dependencies, principal, request, options), request.id);
