import sql, { type Sql } from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { ExecutionStatus } from "../../protocol/tool-execution.ts";
import type { StatusColumn } from "../completion/completion-rows.ts";
import { within, type Span } from "./keyset.ts";
import { toolRunStatus } from "./tool-run-rows.ts";

export interface CountOf<Key extends string> {
  readonly key: Key;
  readonly count: number;
}

export interface OverviewFilter extends Span {
  readonly workspaceId: string;
}

export interface StandingRow {
  readonly members: number;
  readonly suspended: number;
  readonly conversations: number;
  readonly shared: number;
}

/** Members as they are, and the conversations of that time that are in lists. */
export const readStandingRow = async (
  database: Database,
  { workspaceId, ...span }: OverviewFilter,
): Promise<StandingRow> => {
  const [row] = await database.query<StandingRow>(sql`
    select who.*, talk.* from
      (select count(*) as members, count(*) filter (where m.suspended_at is not null or u.suspended_at is not null) as suspended
        from member m join "user" u on u.id = m.user_id where m.workspace_id = ${workspaceId}) who,
      (select count(*) as conversations, count(*) filter (where visibility = 'workspace') as shared
        from conversation c where c.workspace_id = ${workspaceId} and not c.temporary and c.deleted_at is null ${within(sql`c.created_at`, span)}) talk`);
  return row as StandingRow;
};

const completionsOf = ({ workspaceId, ...span }: OverviewFilter): Sql =>
  sql`from completion c where c.workspace_id = ${workspaceId} ${within(sql`c.created_at`, span)}`;

export const countCompletions = (database: Database, filter: OverviewFilter): Promise<CountOf<StatusColumn>[]> =>
  database.query(sql`select c.status as key, count(*) as count ${completionsOf(filter)} group by c.status`);

export const countToolRuns = (
  database: Database,
  { workspaceId, ...span }: OverviewFilter,
): Promise<CountOf<ExecutionStatus>[]> =>
  database.query(sql`
    select ${toolRunStatus} as key, count(*) as count
    from tool_execution t left join background_execution b on b.workspace_id = t.workspace_id and b.id = t.id
    where t.workspace_id = ${workspaceId} ${within(sql`t.created_at`, span)} group by 1`);

const mostCodes = 20;

/** Codes that completions failed with, the most frequent first. */
export const countErrors = (database: Database, filter: OverviewFilter): Promise<CountOf<string>[]> =>
  database.query(sql`
    select c.error ->> 'code' as key, count(*) as count ${completionsOf(filter)} and c.status = 'failed' and c.error is not null
    group by 1 order by 2 desc, 1 limit ${mostCodes}`);

export interface DurationRow {
  readonly median: number | null;
  readonly worst: number | null;
}

/** Seconds from the first claim to the end, of those that were completed: their median, and what 19 of 20 keep to. */
export const readDurationRow = async (database: Database, filter: OverviewFilter): Promise<DurationRow> => {
  const took = sql`extract(epoch from c.finished_at - c.started_at)`;
  const [row] = await database.query<DurationRow>(sql`
    select percentile_cont(0.5) within group (order by ${took})::float8 as median,
      percentile_cont(0.95) within group (order by ${took})::float8 as worst
    ${completionsOf(filter)} and c.status = 'completed' and c.started_at is not null`);
  return row as DurationRow;
};
