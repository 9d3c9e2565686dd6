import type { Message } from "../../protocol/resources.ts";
import type { Client } from "../client.ts";
import { receiveMessages, receiveOverview, type Change } from "../conversation/conversation-changes.ts";
import { isOpen, shownPath, type ConversationState } from "../conversation/conversation-state.ts";

const pageSize = 40;
const largestPage = 200;
const beyondAll = 999_999_999;

/** From here on rows may have changed since they were read: what is queued, or being written, or not read yet. */
const unsettledFrom = ({ tree, knownFrom, live, waiting }: ConversationState): number => {
  const isUnsettled = (message: Message): boolean =>
    message.id === live?.messageId ||
    message.id === live?.start.userMessageId ||
    waiting.some(({ messageId }) => messageId === message.id) ||
    isOpen(message);
  const known = [...tree.messages.values()];
  const sequences = new Set(known.map(({ sequence }) => sequence));
  // an answer that began elsewhere is known before its question is
  let unread = Math.max(knownFrom ?? 1, 1);
  while (sequences.has(unread)) unread += 1;
  return known.filter(isUnsettled).reduce((least, { sequence }) => Math.min(least, sequence), unread);
};

const firstSequence = (messages: readonly Message[]): number | undefined => messages[0]?.sequence;

const readNewest = async (client: Client, state: ConversationState): Promise<Change> => {
  const { data, nextCursor } = await client.messages.list(state.conversationId, { before: beyondAll, limit: pageSize });
  return receiveMessages(data, nextCursor === null ? 0 : firstSequence(data));
};

const readChanged = async (client: Client, state: ConversationState): Promise<Change> => {
  const messages: Message[] = [];
  let after: number | null = unsettledFrom(state) - 1;
  while (after !== null) {
    const page: { data: readonly Message[]; nextCursor: string | null } = await client.messages.list(
      state.conversationId,
      { after, limit: largestPage },
    );
    messages.push(...page.data);
    after = page.nextCursor === null ? null : (page.data.at(-1)?.sequence ?? null);
  }
  return receiveMessages(messages);
};

/** Reads what may have changed: the conversation, its waiting sends and its newest messages. */
export const readConversation = async (client: Client, state: ConversationState): Promise<Change> => {
  const { conversationId } = state;
  const [conversation, waiting, receive] = await Promise.all([
    client.conversations.get(conversationId),
    client.waitingSends.list(conversationId),
    state.knownFrom === null ? readNewest(client, state) : readChanged(client, state),
  ]);
  const overview = receiveOverview({ conversation, waiting: waiting.data });
  return (current) => overview(receive(current));
};

/** Reads everything from a sequence number on that is not known yet. */
export const readFrom = async (client: Client, state: ConversationState, sequence: number): Promise<Change> => {
  const { conversationId, knownFrom } = state;
  const messages: Message[] = [];
  let after: number | null = sequence - 1;
  while (after !== null && (knownFrom === null || after + 1 < knownFrom)) {
    const page: { data: readonly Message[]; nextCursor: string | null } = await client.messages.list(conversationId, {
      after,
      limit: largestPage,
    });
    messages.push(...page.data);
    after = page.nextCursor === null ? null : (page.data.at(-1)?.sequence ?? null);
  }
  return receiveMessages(messages, sequence);
};

/** Reads a page of the branch that ends in a message, upwards. */
export const readBranch = async (client: Client, conversationId: string, leafId: string): Promise<Change> => {
  const { data } = await client.messages.list(conversationId, { branch: leafId, limit: pageSize });
  return receiveMessages(data);
};

/** Reads the page above what is shown; null: there is nothing above. */
export const readEarlier = async (client: Client, state: ConversationState): Promise<Change | null> => {
  const { missing } = shownPath(state);
  if (missing === null) return null;
  const { conversationId, knownFrom } = state;
  const { data, nextCursor } = await client.messages.list(conversationId, {
    before: knownFrom ?? beyondAll,
    limit: pageSize,
  });
  const receive = receiveMessages(data, nextCursor === null ? 0 : firstSequence(data));
  if (data.some(({ id }) => id === missing)) return receive;
  const receiveMissing = await readBranch(client, conversationId, missing);
  return (current) => receiveMissing(receive(current));
};
