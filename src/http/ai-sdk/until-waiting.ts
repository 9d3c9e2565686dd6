import { findWaitingPlace } from "../../completions/waiting-place.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { HttpDependencies } from "../dependencies.ts";
import type { FollowLimit } from "../streams/follow-limit.ts";
import type { HintHub } from "../live/hint-hub.ts";
import type { Showing, View } from "../streams/view.ts";

export interface WaitingDependencies extends HttpDependencies {
  readonly hints: Pick<HintHub, "ofConversation">;
}

/** How often a stream looks whether its completion waits, besides what hints tell. */
const lookMs = 5_000;

interface Place extends CompletionKey {
  readonly conversationId: string;
}

const watch = (dependencies: WaitingDependencies, place: Place, limit: FollowLimit, signal: AbortSignal): void => {
  const { context, log, logger, hints } = dependencies;
  const { workspaceId, conversationId, completionId } = place;
  const look = async (): Promise<void> => {
    const found = await findWaitingPlace(context.database, log, place);
    if (found !== null) limit.set(found.position);
  };
  const tryLook = (): void =>
    void look().catch((err: unknown) => logger.warn({ err, completionId }, "looking whether an answer waits failed"));
  const unwatch = hints.ofConversation({ workspaceId }, conversationId, ({ kind, id }) => {
    if (kind === "completion" && id === completionId) tryLook();
  });
  const timer = setInterval(tryLook, lookMs).unref();
  const stop = (): void => {
    unwatch();
    clearInterval(timer);
  };
  if (signal.aborted) return stop();
  signal.addEventListener("abort", stop, { once: true });
  tryLook();
};

/**
 * The same showing, for a client that can answer a question only when its stream has ended (AI SDK's useChat): it ends
 * when the completion waits, with a `finish` that no log holds.
 */
export const untilWaiting = (dependencies: WaitingDependencies, showing: Showing, conversationId: string): Showing => {
  if (showing.from !== "log") return showing;
  const { key } = showing.view;
  const pauses: View["pauses"] = (limit, signal) => watch(dependencies, { ...key, conversationId }, limit, signal);
  return { from: "log", view: { ...showing.view, pauses } };
};
