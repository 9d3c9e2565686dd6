import type { Message } from "../../protocol/resources.ts";
import type { Client } from "../client.ts";
import { receiveVote, type Change } from "./conversation-changes.ts";
import type { ConversationState } from "./conversation-state.ts";

export interface VoteHost {
  readonly state: ConversationState;
  update(change: Change): void;
  /** Resolves when what is being read now has come. */
  settled(): Promise<void>;
}

/** Shows a vote at once, and takes it back when the server does not take it. */
export const castVote = async (
  client: Client,
  host: VoteHost,
  messageId: string,
  { value, reason }: { readonly value: Message["vote"]; readonly reason: string | undefined },
): Promise<void> => {
  const { conversationId, tree } = host.state;
  const before = tree.messages.get(messageId)?.vote ?? null;
  host.update(receiveVote(messageId, value));
  try {
    if (value === null) await client.messages.removeVote(conversationId, messageId);
    else await client.messages.vote(conversationId, messageId, reason === undefined ? { value } : { value, reason });
    // what was read meanwhile may tell the vote before
    await host.settled();
    host.update(receiveVote(messageId, value));
  } catch (thrown) {
    host.update(receiveVote(messageId, before));
    throw thrown;
  }
};
