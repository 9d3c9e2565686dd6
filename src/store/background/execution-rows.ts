import sql, { empty, type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ToolOutcome } from "../../protocol/agent/tool.ts";
import type { ExecutionStatus, ToolProgress } from "../../protocol/tool-execution.ts";

export interface ExecutionKey {
  readonly workspaceId: string;
  readonly id: string;
}

export interface ExecutionRow {
  readonly workspace_id: string;
  readonly id: string;
  readonly conversation_id: string;
  readonly completion_id: string;
  readonly message_id: string;
  readonly call_id: string;
  readonly user_id: string;
  readonly agent: string;
  readonly tool: string;
  readonly input: unknown;
  readonly status: ExecutionStatus;
  readonly fence: number;
  readonly attempts: number;
  readonly crashes: number;
  readonly round: number;
  readonly progress: ToolProgress | null;
  readonly result: ToolOutcome | null;
  readonly secret: string;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  /** Until the attempt is waited for no longer, by the database's clock; null: nothing is waited for. */
  readonly seconds_left: number | null;
  /** `created_at` with the database's microseconds, for the cursor. */
  readonly cursor_at: string;
}

export const openStatuses: readonly ExecutionStatus[] = ["queued", "running", "waiting"];
export const endedStatuses: readonly ExecutionStatus[] = ["completed", "failed", "cancelled"];

const names =
  "workspace_id id conversation_id completion_id message_id call_id user_id agent tool input status fence attempts crashes round " +
  "progress result secret created_at started_at finished_at";

/** The columns of an ExecutionRow. */
export const executionColumns: Sql = sql`${sql([names.replaceAll(/\w+/g, "background_execution.$&,").slice(0, -1)])},
  extract(epoch from background_execution.deadline_at - now())::float8 as seconds_left, background_execution.created_at::text as cursor_at`;

export const ofExecution = ({ workspaceId, id }: ExecutionKey): Sql =>
  sql`background_execution.workspace_id = ${workspaceId} and background_execution.id = ${id}`;

export const findExecution = async (database: Database, key: ExecutionKey): Promise<ExecutionRow | undefined> => {
  const rows = await database.query<ExecutionRow>(
    sql`select ${executionColumns} from background_execution where ${ofExecution(key)}`,
  );
  return rows[0];
};

/** For a caller who proves by the secret that it is meant, and not by a workspace. */
export const findExecutionById = async (database: Database, id: string): Promise<ExecutionRow | undefined> => {
  const rows = await database.query<ExecutionRow>(
    sql`select ${executionColumns} from background_execution where background_execution.id = ${id} limit 1`,
  );
  return rows[0];
};

export interface ExecutionPage {
  readonly after: { readonly createdAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** Newest first. */
export const listExecutionRows = (
  database: Database,
  workspaceId: string,
  conversationId: string,
  { after, limit }: ExecutionPage,
): Promise<ExecutionRow[]> =>
  database.query(sql`
    select ${executionColumns} from background_execution
    where background_execution.workspace_id = ${workspaceId} and background_execution.conversation_id = ${conversationId}
      ${after === undefined ? empty : sql`and (background_execution.created_at, background_execution.id) < (${after.createdAt}::text::timestamptz, ${after.id})`}
    order by background_execution.created_at desc, background_execution.id desc limit ${limit}`);

/** Of these executions, those whose body still runs under the fence that it was started with. */
export const listHeldExecutions = (
  database: Database,
  held: readonly (ExecutionKey & { readonly fence: number })[],
): Promise<{ id: string; fence: number }[]> =>
  database.query(sql`
    select e.id, e.fence from unnest(${held.map(({ workspaceId }) => workspaceId)}::text[], ${held.map(({ id }) => id)}::text[],
      ${held.map(({ fence }) => fence)}::int[]) as mine (workspace_id, id, fence)
    join background_execution e on e.workspace_id = mine.workspace_id and e.id = mine.id and e.fence = mine.fence
    where e.status = 'running'`);
