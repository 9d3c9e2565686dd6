import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ConversationRevision } from "../../protocol/hint.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import type { ExecutionStatus } from "../../protocol/tool-execution.ts";
import { backgroundKind, continueKind } from "../job-rows.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";
import { endedStatuses, ofExecution, openStatuses, type ExecutionKey } from "./execution-rows.ts";

/** Which of the open executions may be ended: one that runs under this fence, or one of this round, whatever it does. */
export type EndedFrom = { readonly fence: number } | { readonly round: number; readonly overdue?: boolean };

export interface ExecutionEnd {
  readonly status: Extract<ExecutionStatus, "completed" | "failed" | "cancelled">;
  readonly result: ToolOutcome;
  readonly from: EndedFrom;
  /** Id of the job that goes on with the result; null: nothing does by itself. */
  readonly continueJobId: string | null;
}

const endable = (from: EndedFrom): Sql => {
  if ("fence" in from) return sql`fence = ${from.fence} and status = 'running'`;
  const due = from.overdue === true ? sql`and status = 'waiting' and deadline_at <= now()` : empty;
  return sql`round = ${from.round} and status = any(${openStatuses}) ${due}`;
};

/** Records the result of an execution, once in a round. Undefined: it has one already, or is gone, or is not held any more. */
export const endExecution = async (
  database: Database,
  key: ExecutionKey,
  end: ExecutionEnd,
): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with ended as (
      update background_execution set status = ${end.status}, result = ${JSON.stringify(end.result)}::jsonb, finished_at = now(), deadline_at = null
      where ${ofExecution(key)} and ${endable(end.from)} returning workspace_id, id, conversation_id
    ), unneeded as (
      delete from job using ended where job.workspace_id = ended.workspace_id and job.subject = ended.id and job.kind = ${backgroundKind}
        and job.worker_id is null
    ) ${
      end.continueJobId === null
        ? empty
        : sql`, ordered as (
      insert into job (workspace_id, id, kind, subject, payload)
      select ended.workspace_id, ${end.continueJobId}, ${continueKind}, ended.id, '{}'::jsonb from ended on conflict do nothing)`
    }
    update conversation set version = version + 1 from ended
    where conversation.workspace_id = ended.workspace_id and conversation.id = ended.conversation_id returning ${revision}`);
  return rows[0]?.revision;
};

export interface ExecutionRetry {
  readonly jobId: string;
  readonly secret: string;
  /** Who had it done again: it runs for them. */
  readonly userId: string;
  /** Executions of the user that may be open, this one included. */
  readonly perUser: number;
}

/** Has an execution that did not succeed done again, in another round. Undefined: it succeeded, or is open, or the user has too many open. */
export const retryExecution = async (
  database: Database,
  key: ExecutionKey,
  { jobId, secret, userId, perUser }: ExecutionRetry,
): Promise<ConversationRevision | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    with again as (
      update background_execution set status = 'queued', round = round + 1, attempts = 0, crashes = 0, result = null, progress = null,
        secret = ${secret}, user_id = ${userId}, carried_by = '{}', started_at = null, finished_at = null
      where ${ofExecution(key)} and status = any(${endedStatuses.filter((status) => status !== "completed")})
        and (select count(*) from (select 1 from background_execution open
          where open.user_id = ${userId} and open.status = any(${openStatuses}) limit ${perUser}::int) counted) < ${perUser}
      returning workspace_id, id, conversation_id
    ), ordered as (
      insert into job (workspace_id, id, kind, subject, payload) select workspace_id, ${jobId}, ${backgroundKind}, id, '{}'::jsonb from again
      -- one that is just about to be deleted is not: its worker finds another fence
      on conflict (subject, kind, workspace_id) where failed_at is null do update set due_at = now(), worker_id = null, fence = job.fence + 1
    )
    update conversation set version = version + 1 from again
    where conversation.workspace_id = again.workspace_id and conversation.id = again.conversation_id returning ${revision}`);
  return rows[0]?.revision;
};
