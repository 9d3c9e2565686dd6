import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { notFound } from "../../protocol/people/access.ts";
import { isUnplaced } from "../../store/completion/completion-rows.ts";
import { findMessage, type MessageKey, type MessageRow } from "../../store/message/message-rows.ts";

/**
 * A message that is there and has its place in the tree, so that something can be said beside or below it.
 * @throws NatterError `conflict` for a waiting send
 */
export const findPlacedMessage = async (database: Database, key: MessageKey): Promise<MessageRow> => {
  const row = await findMessage(database, key.workspaceId, key.conversationId, key.id);
  if (row === undefined || row.deleted_at !== null) throw notFound("message");
  if (await isUnplaced(database, key))
    throw new NatterError("conflict", "This message is still waiting; change it in its place, or wait for its turn.");
  return row;
};
