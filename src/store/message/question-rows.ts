import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { CompletionRow } from "../completion/completion-rows.ts";
import type { MessageKey } from "./message-rows.ts";

/** The completion that a user message was accepted with, else the first that answered it. */
export const findFirstAnswer = async (
  database: Database,
  { workspaceId, conversationId, id }: MessageKey,
): Promise<Pick<CompletionRow, "id" | "status" | "regenerates"> | undefined> => {
  const rows = await database.query<Pick<CompletionRow, "id" | "status" | "regenerates">>(sql`
    select id, status, regenerates from completion
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and user_message_id = ${id}
    order by regenerates, created_at limit 1`);
  return rows[0];
};
