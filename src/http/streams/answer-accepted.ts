import type { Accepted } from "../../conversations/sending/accept.ts";
import { answer, type Call } from "../request/call.ts";
import { awaitAnswer } from "./await-answer.ts";
import { defaultHttpLimits } from "../dependencies.ts";
import type { SeenPosition } from "./last-event-id.ts";
import { attach, watchFromStart, type ViewDependencies } from "./view.ts";

/** The response to a message that is stored: its stream, or the whole answer. Nothing after this point is a refusal. */
export const answerAccepted = async (
  dependencies: ViewDependencies,
  call: Call<unknown, unknown, unknown>,
  accepted: Accepted,
  lastEventId: SeenPosition | null,
): Promise<Response> => {
  if (!accepted.stream) {
    const waitMs = dependencies.limits?.answerMs ?? defaultHttpLimits.answerMs;
    call.admitted?.waits();
    return answer(call, 200, await awaitAnswer(dependencies, call.principal, accepted, waitMs));
  }
  return accepted.replayed
    ? attach(dependencies, call, accepted, lastEventId)
    : watchFromStart(dependencies, call, accepted);
};
