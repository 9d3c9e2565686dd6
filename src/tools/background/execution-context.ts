import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import type { InjectedContext } from "../../protocol/agent/injected-context.ts";
import type { ExecutionRow } from "../../store/background/execution-rows.ts";
import { findSurroundings } from "../../store/conversation/surroundings.ts";
import type { ContextSource } from "../context-source.ts";

/** The `context` of a background tool's body, which may run long after its completion, on another worker. */
export const createExecutionContexts =
  (database: Database, contexts: ContextSource) =>
  async (row: ExecutionRow): Promise<InjectedContext> => {
    const place = {
      workspaceId: row.workspace_id,
      conversationId: row.conversation_id,
      completionId: row.completion_id,
      userId: row.user_id,
    };
    const found = await findSurroundings(database, place);
    if (found === undefined) throw new NatterError("not_found", "The completion of this call is gone.");
    const { completionId: id, ...more } = place;
    return contexts({ id, ...more, messageId: row.message_id, model: found.model }, found.around);
  };
