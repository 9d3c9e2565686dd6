import type { Unsubscribe } from "./signals.ts";

/** Names a completion across nodes. */
export interface CompletionKey {
  readonly workspaceId: string;
  readonly completionId: string;
}

/** Answers (a promise of) true when it took the completion; anything else is no answer. */
export type Wake = (key?: CompletionKey) => unknown;

/**
 * Tells workers that a completion is due. It may lose or repeat a wake: the completion row is the truth, and
 * claiming it is conditional on that row.
 */
export interface Queue {
  /** Called after the commit that made the completion due. Returns at once. */
  push(key: CompletionKey): void;
  /**
   * Calls `wake` with a key after a push on any node, and without one at least every poll interval. Once one `wake` has
   * answered that it took the completion, the others may be spared.
   */
  consume(wake: Wake): Promise<Unsubscribe>;
  close(): Promise<void>;
}
