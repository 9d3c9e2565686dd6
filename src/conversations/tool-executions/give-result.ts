import type { CompletionContext } from "../../completions/context.ts";
import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import type { ToolExecution } from "../../protocol/tool-execution.ts";
import { endExecution } from "../../store/background/ending.ts";
import { findExecutionById, type ExecutionRow } from "../../store/background/execution-rows.ts";
import { announceExecution } from "./change.ts";
import { toToolExecution } from "./open-execution.ts";

/** What signs results of an execution from outside, in its round; undefined: there is no such execution. */
export interface SignedRound {
  readonly id: string;
  readonly workspaceId: string;
  readonly round: number;
  readonly agent: string;
  readonly tool: string;
  readonly secret: string;
}

export const findSignedRound = async (database: Database, id: string): Promise<SignedRound | undefined> => {
  const row = await findExecutionById(database, id);
  if (row === undefined) return undefined;
  const { workspace_id: workspaceId, round, agent, tool, secret } = row;
  return { id, workspaceId, round, agent, tool, secret };
};

const endedAlready = (): NatterError =>
  new NatterError("conflict", "This call has ended already; its result stays as it is.");

/**
 * Ends an execution with what came from outside, signed: once in a round, also before its body has answered `pending`.
 * @throws NatterError `conflict` when it has ended, or is in another round by now
 */
export const giveResult = async (
  context: Pick<CompletionContext, "database" | "signals">,
  { id, workspaceId, round }: SignedRound,
  { outcome, continues }: { readonly outcome: ToolOutcome; readonly continues: boolean },
): Promise<ToolExecution> => {
  const key = { workspaceId, id };
  const revision = await endExecution(context.database, key, {
    status: outcome.type === "completed" ? "completed" : "failed",
    result: outcome,
    from: { round },
    continueJobId: continues ? createId() : null,
  });
  if (revision === undefined) throw endedAlready();
  announceExecution(context, key, revision);
  const row: ExecutionRow | undefined = await findExecutionById(context.database, id);
  if (row === undefined) throw endedAlready();
  return toToolExecution(row);
};
