import sql from "sql-template-tag";
import type { Database } from "../../ports/database.ts";
import type { BudgetLimits, BudgetPeriod, BudgetScope, DefaultBudget } from "../../protocol/people/budget.ts";

/** Who pays for a call. */
export interface Payer {
  readonly workspaceId: string;
  readonly userId: string;
  readonly keyId: string | null;
}

/** What is counted against budgets. */
export interface Charge {
  readonly tokens: number;
  readonly micros: number;
}

/** Where a budget of a payer stands in its present period. */
export interface SpendingRow {
  readonly scope: BudgetScope;
  readonly period: BudgetPeriod;
  readonly starts: Date;
  readonly limit_micros: number | null;
  readonly limit_tokens: number | null;
  readonly micros: number;
  readonly tokens: number;
}

/**
 * The budgets that hold for a payer: the configuration's, and besides the workspace's, of which one for this user or
 * key stands in place of the one for each.
 */
const applicable = (payer: Payer, defaults: readonly DefaultBudget[]) => sql`
  subjects as (
    select * from (values ('key', ${payer.keyId}::text), ('user', ${payer.userId}::text), ('workspace', ${payer.workspaceId}::text)) as each (scope, subject)
    where subject is not null
  ), own as (
    select distinct on (scope, period) scope, period, limit_micros, limit_tokens from budget join subjects using (scope)
    where budget.workspace_id = ${payer.workspaceId} and budget.subject in ('', subjects.subject)
    order by scope, period, (budget.subject <> '') desc
  ), applicable as (
    select scope, period, min(limit_micros) as limit_micros, min(limit_tokens) as limit_tokens, subjects.subject,
      budget_start(period, now()) as starts
    from (
      select * from own union all
      select * from jsonb_to_recordset(${JSON.stringify(defaults)}::jsonb) as rule (scope text, period text, limit_micros bigint, limit_tokens bigint)
    ) rule join subjects using (scope)
    group by scope, period, subjects.subject
  )`;

/**
 * Counts a charge against every budget of the payer and answers where they stand with it; `is_new`: nothing was counted
 * in this period before. In a transaction: until its end nobody else changes them.
 */
export const chargeBudgets = (
  database: Database,
  payer: Payer,
  defaults: readonly DefaultBudget[],
  charge: Charge,
): Promise<(SpendingRow & { readonly is_new: boolean })[]> =>
  database.query(sql`
    with ${applicable(payer, defaults)}, counted as (
      insert into spending (workspace_id, scope, subject, period, starts, micros, tokens)
      select ${payer.workspaceId}, scope, subject, period, starts, ${charge.micros}::bigint, ${charge.tokens}::bigint
      from applicable order by scope, period
      on conflict (subject, starts, period, scope, workspace_id) do update
        set micros = spending.micros + excluded.micros, tokens = spending.tokens + excluded.tokens
      returning scope, period, micros, tokens, xmax = 0 as is_new
    )
    select a.scope, a.period, a.starts, a.limit_micros, a.limit_tokens, c.micros, c.tokens, c.is_new
    from applicable a join counted c using (scope, period) order by scope, period`);

/** Counts what the ledger holds of the periods that have just begun to be counted; answers them. */
export const seedSpending = (
  database: Database,
  payer: Payer,
  fresh: readonly Pick<SpendingRow, "scope" | "period" | "starts">[],
): Promise<Pick<SpendingRow, "scope" | "period" | "micros" | "tokens">[]> =>
  database.query(sql`
    with fresh as (
      select * from jsonb_to_recordset(${JSON.stringify(fresh)}::jsonb) as each (scope text, period text, starts timestamptz)
    ), summed as (
      select fresh.*, spent.* from fresh cross join lateral (
        select coalesce(sum(coalesce(cost_micros, 0) + coalesce(held_micros, 0)), 0)::int8 as micros,
          coalesce(sum(input_tokens + output_tokens + coalesce(held_tokens, 0)), 0)::int8 as tokens
        from usage where workspace_id = ${payer.workspaceId} and created_at >= fresh.starts
          and (fresh.scope <> 'user' or user_id = ${payer.userId}) and (fresh.scope <> 'key' or key_id = ${payer.keyId})
      ) spent
    )
    update spending set micros = summed.micros, tokens = summed.tokens from summed
    where spending.workspace_id = ${payer.workspaceId} and spending.scope = summed.scope and spending.period = summed.period
      and spending.starts = summed.starts
      and spending.subject = case summed.scope when 'workspace' then ${payer.workspaceId} when 'user' then ${payer.userId} else ${payer.keyId} end
    returning spending.scope, spending.period, spending.micros, spending.tokens`);

/** Where the budgets of a payer stand; what was never counted is summed from the ledger. */
export const listSpending = (
  database: Database,
  payer: Payer,
  defaults: readonly DefaultBudget[],
): Promise<SpendingRow[]> =>
  database.query(sql`
    with ${applicable(payer, defaults)}
    select a.scope, a.period, a.starts, a.limit_micros, a.limit_tokens, coalesce(s.micros, spent.micros) as micros, coalesce(s.tokens, spent.tokens) as tokens
    from applicable a
    left join spending s on s.workspace_id = ${payer.workspaceId} and s.scope = a.scope and s.subject = a.subject and s.period = a.period and s.starts = a.starts
    left join lateral (
      select coalesce(sum(coalesce(cost_micros, 0) + coalesce(held_micros, 0)), 0)::int8 as micros,
        coalesce(sum(input_tokens + output_tokens + coalesce(held_tokens, 0)), 0)::int8 as tokens
      from usage u where s.scope is null and u.workspace_id = ${payer.workspaceId} and u.created_at >= a.starts
        and (a.scope <> 'user' or u.user_id = a.subject) and (a.scope <> 'key' or u.key_id = a.subject)
    ) spent on true
    order by a.scope, a.period`);

export interface BudgetRow {
  readonly id: string;
  readonly scope: BudgetScope;
  /** Empty: each user or key of the workspace, or the workspace. */
  readonly subject: string;
  readonly period: BudgetPeriod;
  readonly limit_micros: number | null;
  readonly limit_tokens: number | null;
  readonly created_by: string;
  readonly created_at: Date;
}

export const listBudgetRows = (database: Database, workspaceId: string): Promise<BudgetRow[]> =>
  database.query(sql`
    select id, scope, subject, period, limit_micros, limit_tokens, created_by, created_at from budget
    where workspace_id = ${workspaceId} order by scope, subject, period limit 1000`);

/** Sets the budget of a scope, subject and period, in place of an earlier one. */
export const putBudgetRow = async (
  database: Database,
  workspaceId: string,
  budget: BudgetLimits & Pick<BudgetRow, "id" | "scope" | "subject" | "period" | "created_by">,
): Promise<BudgetRow> => {
  const [row] = await database.query<BudgetRow>(sql`
    insert into budget (workspace_id, id, scope, subject, period, limit_micros, limit_tokens, created_by)
    values (${workspaceId}, ${budget.id}, ${budget.scope}, ${budget.subject}, ${budget.period}, ${budget.limitMicros}, ${budget.limitTokens}, ${budget.created_by})
    on conflict (workspace_id, scope, subject, period) do update
      set limit_micros = excluded.limit_micros, limit_tokens = excluded.limit_tokens, created_by = excluded.created_by
    returning id, scope, subject, period, limit_micros, limit_tokens, created_by, created_at`);
  if (row === undefined) throw new Error("insert into budget returned no row");
  return row;
};

export const deleteBudgetRow = async (database: Database, workspaceId: string, id: string): Promise<boolean> =>
  (await database.query(sql`delete from budget where workspace_id = ${workspaceId} and id = ${id} returning 1`))
    .length === 1;

/** Forgets sums of days and months that are long over; a budget that asks again finds them in the ledger. */
export const purgeSpending = (database: Database): Promise<unknown[]> =>
  database.query(sql`delete from spending where period <> 'total' and starts < now() - interval '40 days'`);
