import type { Message } from "../../protocol/resources.ts";
import type { Client } from "../client.ts";
import { shownPath } from "./conversation-state.ts";
import type { ConversationSync } from "./conversation-sync.ts";
import { readFrom } from "../requests/reader.ts";
import { asRequestError } from "../requests/request-error.ts";

/** So many messages are read above the one that is looked for, to see what it is about. */
const readAbove = 10;

const find = async (
  client: Client,
  { conversationId, state }: ConversationSync,
  id: string,
): Promise<Message | null> => {
  const known = state.tree.messages.get(id);
  if (known !== undefined) return known;
  try {
    return await client.messages.get(conversationId, id);
  } catch (thrown) {
    const error = asRequestError(thrown);
    if (error.status === 404 || error.status === 422) return null;
    throw error;
  }
};

/** Shows a message with all that follows it, on whichever branch it is; false: it is not there. */
export const revealMessage = async (client: Client, sync: ConversationSync, id: string): Promise<boolean> => {
  const isOnPath = (): boolean => shownPath(sync.state).messages.some((message) => message.id === id);
  if (isOnPath()) return true;
  const message = await find(client, sync, id);
  if (message === null || message.deletedAt !== null) return false;
  sync.update(await readFrom(client, sync.state, Math.max(1, message.sequence - readAbove)));
  if (!isOnPath()) sync.select(id);
  return isOnPath();
};
