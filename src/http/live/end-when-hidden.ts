import type { Principal } from "../../protocol/people/principal.ts";
import type { ViewerStream } from "../admission/admission.ts";
import { mayRead, type HintHub } from "./hint-hub.ts";

/** Ends a viewer's stream when the conversation is not shared with them any more, or deleted. */
export const endWhenHidden = (
  hints: Pick<HintHub, "ofConversation">,
  principal: Principal,
  conversationId: string,
  stream: ViewerStream,
): void => {
  if (stream.signal.aborted) return;
  const stop = hints.ofConversation(principal, conversationId, (signal) => {
    if (!mayRead(principal, signal)) stream.end();
  });
  stream.signal.addEventListener("abort", stop, { once: true });
};
