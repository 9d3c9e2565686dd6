import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ToolProgress } from "../../protocol/tool-execution.ts";
import { revision, type RevisionRow } from "../conversation/revision.ts";
import { executionColumns, ofExecution, type ExecutionKey, type ExecutionRow } from "./execution-rows.ts";

/** An attempt in the hands of one worker: every later write of it must still find this fence. */
export interface HeldExecution extends ExecutionKey {
  /** Of the job's claim. */
  readonly fence: number;
}

const held = (execution: HeldExecution): Sql =>
  sql`${ofExecution(execution)} and background_execution.fence = ${execution.fence} and background_execution.status = 'running'`;

const ofConversation: Sql = sql`conversation.workspace_id = background_execution.workspace_id and conversation.id = background_execution.conversation_id`;

export interface AttemptRow extends ExecutionRow, RevisionRow {}

/**
 * Begins an attempt, before its body is started. `crashed`: in the place of one whose worker died, or went, in its middle;
 * `isCrash` counts it. Undefined: the execution is in another state by now.
 */
export const beginAttempt = async (
  database: Database,
  execution: HeldExecution,
  { timeoutMilliseconds, crashed }: { readonly timeoutMilliseconds: number; readonly crashed: boolean },
): Promise<AttemptRow | undefined> => {
  const from = crashed
    ? sql`background_execution.status = 'running' and background_execution.fence < ${execution.fence}`
    : sql`background_execution.status = 'queued'`;
  const counted = crashed
    ? sql`crashes = background_execution.crashes + 1`
    : sql`attempts = background_execution.attempts + 1`;
  const rows = await database.query<AttemptRow>(sql`
    update background_execution set status = 'running', fence = ${execution.fence}, ${counted},
      started_at = coalesce(background_execution.started_at, now()),
      deadline_at = now() + make_interval(secs => ${timeoutMilliseconds / 1000}::float8)
    from conversation where ${ofExecution(execution)} and ${from} and ${ofConversation}
    returning ${executionColumns}, ${revision}`);
  return rows[0];
};

/** Gives an attempt back to be made again: one that failed, or, uncounted, one whose worker goes. Undefined: it is not held any more. */
export const requeueAttempt = async (
  database: Database,
  execution: HeldExecution,
  { isCounted }: { readonly isCounted: boolean },
): Promise<RevisionRow | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    update background_execution set status = 'queued', deadline_at = null, attempts = attempts - ${isCounted ? 0 : 1}
    from conversation where ${held(execution)} and ${ofConversation} returning ${revision}`);
  return rows[0];
};

/** The body has ended without a result: it comes from outside, before the attempt's time is over. */
export const awaitResult = async (
  database: Database,
  execution: HeldExecution,
  note: string,
): Promise<(RevisionRow & { readonly seconds_left: number }) | undefined> => {
  const rows = await database.query<RevisionRow & { seconds_left: number }>(sql`
    update background_execution set status = 'waiting', progress = ${JSON.stringify({ ratio: null, note })}::jsonb
    from conversation where ${held(execution)} and ${ofConversation}
    returning ${revision}, extract(epoch from deadline_at - now())::float8 as seconds_left`);
  return rows[0];
};

/** Nothing came in time: another attempt, if its tool has one. Undefined: something came after all. */
export const requeueOverdue = async (database: Database, key: ExecutionKey): Promise<RevisionRow | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    update background_execution set status = 'queued', deadline_at = null
    from conversation where ${ofExecution(key)} and background_execution.status = 'waiting' and deadline_at <= now() and ${ofConversation}
    returning ${revision}`);
  return rows[0];
};

/** Stores how far it is; `isSteady`: crashes before are forgotten. Undefined: it is not held any more. */
export const saveProgress = async (
  database: Database,
  execution: HeldExecution,
  progress: ToolProgress,
  isSteady: boolean,
): Promise<RevisionRow | undefined> => {
  const rows = await database.query<RevisionRow>(sql`
    update background_execution set progress = ${JSON.stringify(progress)}::jsonb,
      crashes = case when ${isSteady}::boolean then 0 else crashes end
    from conversation where ${held(execution)} and ${ofConversation} returning ${revision}`);
  return rows[0];
};
