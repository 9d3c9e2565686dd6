import type { Pause } from "../requests/backoff.ts";
import type { LiveLink } from "../live/live-link.ts";
import type { OutboxMemory } from "./outbox-memory.ts";
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
  /** Where messages that were not sent yet survive a reload. */
  readonly outboxMemory?: OutboxMemory | undefined;
  /** The connection that the page shares: answers are followed over it, and hints and presence heard. */
  readonly live?: LiveLink | undefined;
  /** How it waits between attempts. */
  readonly pause?: Pause | undefined;
}
