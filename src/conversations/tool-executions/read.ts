import type { Database } from "../../ports/database.ts";
import type { Permit } from "../../protocol/people/access.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { listExecutionRows, type ExecutionPage } from "../../store/background/execution-rows.ts";
import { openConversation } from "../access.ts";
import { openExecution, toToolExecution } from "./open-execution.ts";

export const getToolExecution = async (
  database: Database,
  principal: Principal,
  id: string,
  permit: Permit,
): Promise<ToolExecution> => toToolExecution((await openExecution(database, principal, id, { permit })).row);

export interface ToolExecutionQuery extends ExecutionPage {
  readonly conversationId: string;
}

export interface ToolExecutionList {
  /** Newest first. */
  readonly data: ToolExecution[];
  /** Where the next page goes on; null: there is none. */
  readonly next: NonNullable<ExecutionPage["after"]> | null;
}

/** Background tools of a conversation (B7). */
export const listToolExecutions = async (
  database: Database,
  principal: Principal,
  { conversationId, after, limit }: ToolExecutionQuery,
  permit: Permit,
): Promise<ToolExecutionList> => {
  await openConversation(database, principal, { id: conversationId, permit });
  const rows = await listExecutionRows(database, principal.workspaceId, conversationId, { after, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    data: shown.map(toToolExecution),
    next: last === undefined ? null : { createdAt: last.cursor_at, id: last.id },
  };
};
