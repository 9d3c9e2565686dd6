import type { ExportedConversation, ExportedMessage } from "../../protocol/transfer.ts";

/** A conversation as a file brings it, whatever made the file; absent members get what is usual here. */
export interface Brought {
  readonly conversation: Partial<Omit<ExportedConversation, "type">> & { readonly title: string | null };
  /** Parents before their children. */
  readonly messages: readonly Omit<ExportedMessage, "type">[];
}
