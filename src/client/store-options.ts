import type { Pause } from "./backoff.ts";
import type { SchedulePaint } from "./paint-clock.ts";

/** Where a device keeps which branch of a conversation it shows. */
export interface BranchMemory {
  read(conversationId: string): string | null;
  /** Null: the active one. */
  write(conversationId: string, messageId: string | null): void;
}

export interface ConversationStoreOptions {
  /** Default: once per animation frame. */
  readonly schedulePaint?: SchedulePaint | undefined;
  readonly branchMemory?: BranchMemory | undefined;
  /** How it waits between attempts. */
  readonly pause?: Pause | undefined;
}
