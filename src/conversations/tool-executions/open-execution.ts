import type { Database } from "../../ports/database.ts";
import { notFound, type Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { findExecution, type ExecutionKey, type ExecutionRow } from "../../store/background/execution-rows.ts";
import type { ConversationRow } from "../../store/conversation/conversation-rows.ts";
import { openConversation } from "../access.ts";

export interface OpenExecution {
  readonly key: ExecutionKey;
  readonly row: ExecutionRow;
  readonly conversation: ConversationRow;
}

/** The execution, if it is there and its conversation's permit lets it pass; with `lock`, the conversation is held. */
export const openExecution = async (
  database: Database,
  principal: Principal,
  id: string,
  { permit, lock = false }: { readonly permit: Permit; readonly lock?: boolean },
): Promise<OpenExecution> => {
  const key = { workspaceId: principal.workspaceId, id };
  const row = await findExecution(database, key);
  if (row === undefined) throw notFound("conversation");
  const conversation = await openConversation(database, principal, { id: row.conversation_id, permit, lock });
  return { key, row, conversation };
};

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

/** A row as the API shows it: without its secret. */
export const toToolExecution = (row: ExecutionRow): ToolExecution => ({
  id: row.id,
  conversationId: row.conversation_id,
  completionId: row.completion_id,
  messageId: row.message_id,
  callId: row.call_id,
  tool: row.tool,
  input: row.input,
  status: row.status,
  attempts: row.attempts,
  round: row.round,
  progress: row.progress,
  outcome: row.result,
  createdAt: row.created_at.toISOString(),
  startedAt: iso(row.started_at),
  finishedAt: iso(row.finished_at),
});
