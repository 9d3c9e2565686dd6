import type { CompletionKey } from "../../ports/queue.ts";
import type { Signals } from "../../ports/signals.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import { publishHint } from "../hints.ts";
import { announceResumed } from "../resume.ts";

/** Tells viewers of an answer, and workers to go on with it; called after the commit. */
export const announceAnswer = (signals: Signals, key: CompletionKey, revision: ConversationRevision): void => {
  announceResumed(signals, key);
  publishHint(signals, revision, { kind: "completion", id: key.completionId });
};
