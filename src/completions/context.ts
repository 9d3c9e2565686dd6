import type { Database } from "../ports/database.ts";
import type { Queue } from "../ports/queue.ts";
import type { Signals } from "../ports/signals.ts";

/** What the rooms of the path need to change rows and to say so. */
export interface CompletionContext {
  readonly database: Database;
  readonly queue: Queue;
  readonly signals: Signals;
  /** Rejects with `unavailable` while nothing could be shown of a new answer. */
  readonly assertAccepting?: () => Promise<void>;
}
