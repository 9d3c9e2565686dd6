import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import { endExecution, type EndedFrom } from "../../store/background/ending.ts";
import type { ExecutionKey } from "../../store/background/execution-rows.ts";

export interface ExecutionResult {
  readonly outcome: ToolOutcome;
  readonly from: EndedFrom;
  /** Whether a job goes on with it. */
  readonly continues: boolean;
}

/** Records the result of an execution, once in a round. Undefined: it has one, or is not held any more. */
export const recordResult = (
  database: Database,
  key: ExecutionKey,
  { outcome, from, continues }: ExecutionResult,
): Promise<ConversationRevision | undefined> =>
  endExecution(database, key, {
    status: outcome.type === "completed" ? "completed" : "failed",
    result: outcome,
    from,
    continueJobId: continues ? createId() : null,
  });
