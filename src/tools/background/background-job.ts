import type { BackgroundJob } from "../../protocol/agent/tool.ts";
import type { ToolProgress } from "../../protocol/tool-execution.ts";
import { saveProgress, type HeldExecution } from "../../store/background/attempts.ts";
import type { ExecutionRow } from "../../store/background/execution-rows.ts";
import type { BackgroundDependencies } from "./background-runs.ts";
import { createProgressTeller, type ProgressTeller } from "./progress.ts";

interface JobControl {
  readonly abortSignal: AbortSignal;
  /** The execution is not this worker's any more. */
  readonly lose: () => void;
}

/** Where a service elsewhere gives the result of an execution. */
const webhookPath = (id: string): string => `/v1/tool-executions/${id}/result`;

/** A body that has got so far, and told it, is none that crashes its worker each time. */
const steadyMilliseconds = 60_000;

/** What a body gets for one attempt, and its progress, to be stopped when the body has ended. */
export const createBackgroundJob = (
  dependencies: BackgroundDependencies,
  held: HeldExecution,
  row: ExecutionRow,
  { abortSignal, lose }: JobControl,
): { readonly job: Omit<BackgroundJob, "context">; readonly progress: ProgressTeller } => {
  const { database, tell, logger, progressMilliseconds = 500 } = dependencies;
  const begunAt = performance.now();
  const write = async (progress: ToolProgress): Promise<void> => {
    try {
      const saved = await saveProgress(database, held, progress, performance.now() - begunAt > steadyMilliseconds);
      if (saved === undefined) lose();
      else tell(saved.revision, held.id);
    } catch (err) {
      logger.warn({ err, ...held }, "the progress of a background tool could not be stored");
    }
  };
  const progress = createProgressTeller(write, progressMilliseconds);
  const job = {
    workspaceId: row.workspace_id,
    conversationId: row.conversation_id,
    completionId: row.completion_id,
    userId: row.user_id,
    callId: row.call_id,
    idempotencyKey: `${row.completion_id}:${row.call_id}`,
    abortSignal,
    toolExecutionId: row.id,
    attempt: row.attempts,
    startedAt: row.started_at ?? row.created_at,
    progress: progress.tell,
    webhook: { path: webhookPath(row.id), secret: row.secret },
  };
  return { job, progress };
};
