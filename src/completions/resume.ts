import type { CompletionKey } from "../ports/queue.ts";
import type { Signals } from "../ports/signals.ts";

/** Wakes workers for a completion that waited and can go on; called after the commit. */
export const announceResumed = (signals: Signals, { workspaceId, completionId }: CompletionKey): void =>
  signals.publish("resume", JSON.stringify({ workspaceId, completionId }));
