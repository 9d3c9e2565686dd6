import type { Conversation } from "natter/client";

/** What is to be shared. */
export interface ShareTarget {
  readonly conversation: Conversation;
  /** The message from whose menu it was asked; null: from elsewhere. */
  readonly messageId: string | null;
  /** The last message of the branch that is shown; null: whichever the server says. */
  readonly leafId: string | null;
}
