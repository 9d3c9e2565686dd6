import type { Signals } from "../ports/signals.ts";
import type { ConversationRevision, Hint, HintSignal } from "../protocol/hint.ts";

/** Tells viewers on every node what has changed; called after the commit, with the revision that the write answered. */
export const publishHint = (
  signals: Signals,
  revision: ConversationRevision,
  subject: Pick<Hint, "kind" | "id">,
): void => {
  const signal: HintSignal = { ...subject, ...revision };
  signals.publish("hint", JSON.stringify(signal));
};
