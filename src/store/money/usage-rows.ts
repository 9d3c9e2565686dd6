import sql, { empty, type Sql } from "sql-template-tag";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import type { Database } from "../../ports/database.ts";

/** A price kept with the entry it was used for. */
export interface Bill {
  readonly costMicros: number;
  readonly price: unknown;
}

/** One call to a model within a completion, before it is made. */
export interface UsageOpening extends CompletionKey {
  readonly step: number;
  readonly fence: number;
  readonly call: number;
  readonly conversationId: string;
  readonly userId: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly bill: Bill | null;
  /** The API key that asked; null: none of ours. */
  readonly keyId: string | null;
  /** What is reserved besides input and bill until the call is settled; null: no budget is looked at. */
  readonly hold: { readonly tokens: number; readonly micros: number } | null;
}

/** What a call is known to have cost. */
export interface ExactUsage {
  readonly call: number;
  readonly usage: Usage;
  readonly bill: Bill | null;
  /** The model that answered; absent: the one that the entry was opened for. */
  readonly model?: string;
}

/** A settled entry holds nothing back any more; null stays null. */
const released: Sql = sql`held_tokens = 0 * held_tokens, held_micros = 0 * held_micros`;

const priced = (bill: Bill | null): Sql =>
  sql`cost_micros = ${bill?.costMicros ?? null}, price = ${bill === null ? null : JSON.stringify(bill.price)}::jsonb, ${released}`;

/** Opens the ledger entry of a call, estimated; before the call is made. May be repeated: then it answers false. */
export const openUsage = async (database: Database, opening: UsageOpening): Promise<boolean> => {
  const rows = await database.query(sql`
    insert into usage (workspace_id, completion_id, step, fence, call, conversation_id, user_id, model, input_tokens, output_tokens, cost_micros, price, estimated,
      key_id, held_tokens, held_micros)
    values (${opening.workspaceId}, ${opening.completionId}, ${opening.step}, ${opening.fence}, ${opening.call}, ${opening.conversationId},
      ${opening.userId}, ${opening.model}, ${opening.inputTokens}, 0, ${opening.bill?.costMicros ?? null},
      ${opening.bill === null ? null : JSON.stringify(opening.bill.price)}::jsonb, true,
      ${opening.keyId}, ${opening.hold?.tokens ?? null}, ${opening.hold?.micros ?? null})
    on conflict do nothing returning 1`);
  return rows.length === 1;
};

/** `update usage …` up to its `where`, for use inside a larger statement. */
export const settling = (
  claim: CompletionKey & { readonly fence: number },
  step: number,
  exact: ExactUsage,
): Sql => sql`
  update usage set input_tokens = ${exact.usage.inputTokens}, output_tokens = ${exact.usage.outputTokens},
    cache_read_tokens = ${exact.usage.cacheReadTokens ?? 0}, cache_write_tokens = ${exact.usage.cacheWriteTokens ?? 0},
    reasoning_tokens = ${exact.usage.reasoningTokens ?? 0}, ${priced(exact.bill)}, estimated = ${exact.usage.estimated ?? false}, cached = ${exact.usage.cached ?? false},
    model = coalesce(${exact.model ?? null}, model)
  where workspace_id = ${claim.workspaceId} and completion_id = ${claim.completionId} and step = ${step} and fence = ${claim.fence} and call = ${exact.call}`;

export interface OpenUsageRow {
  readonly step: number;
  readonly fence: number;
  readonly call: number;
  readonly model: string;
  readonly input_tokens: number;
}

/** Entries of calls whose end nobody saw. */
export const listOpenUsage = (database: Database, key: CompletionKey): Promise<OpenUsageRow[]> =>
  database.query(sql`
    select step, fence, call, model, input_tokens from usage
    where workspace_id = ${key.workspaceId} and completion_id = ${key.completionId} and estimated and output_tokens = 0`);

/** Raises the estimate of a call that was stopped or whose worker died by what was shown of it. */
export const estimateUsage = (
  database: Database,
  entry: CompletionKey & { readonly step: number; readonly fence: number; readonly call: number },
  outputTokens: number,
  bill: Bill | null,
): Promise<unknown[]> =>
  database.query(sql`
    update usage set output_tokens = ${outputTokens}, ${priced(bill)}
    where workspace_id = ${entry.workspaceId} and completion_id = ${entry.completionId} and step = ${entry.step} and fence = ${entry.fence}
      and call = ${entry.call} and estimated`);

/** A call that a budget has no room for: nothing is held for it, and nothing was paid. */
export const refuseUsage = (database: Database, opening: UsageOpening): Promise<unknown[]> =>
  database.query(sql`
    update usage set input_tokens = 0, cost_micros = 0 * cost_micros, estimated = false, ${released}
    where workspace_id = ${opening.workspaceId} and completion_id = ${opening.completionId} and step = ${opening.step} and fence = ${opening.fence}
      and call = ${opening.call}`);

/** The call that an entry was opened for was never made: it cost nothing, and that is exact. */
export const voidUsage = (database: Database, claim: CompletionKey & { readonly fence: number }): Promise<unknown[]> =>
  database.query(sql`
    update usage set input_tokens = 0, output_tokens = 0, cost_micros = case when cost_micros is null then null else 0 end, estimated = false, ${released}
    where workspace_id = ${claim.workspaceId} and completion_id = ${claim.completionId} and fence = ${claim.fence} and estimated`);

export interface UsageRow {
  readonly completion_id: string;
  readonly conversation_id: string;
  readonly step: number;
  readonly fence: number;
  readonly call: number;
  readonly model: string;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_micros: number | null;
  readonly estimated: boolean;
  readonly cached: boolean;
  readonly user_id: string;
  readonly key_id: string | null;
  readonly created_at: Date;
  /** `created_at` with the database's microseconds, for the cursor. */
  readonly cursor_at: string;
}

export interface UsageFilter {
  readonly workspaceId: string;
  /** Undefined: of everybody. */
  readonly userId: string | undefined;
  readonly from: Date | undefined;
  readonly to: Date | undefined;
}

const within = (filter: UsageFilter): Sql => sql`
  workspace_id = ${filter.workspaceId} ${filter.userId === undefined ? empty : sql`and user_id = ${filter.userId}`}
  ${filter.from === undefined ? empty : sql`and created_at >= ${filter.from}`} ${filter.to === undefined ? empty : sql`and created_at < ${filter.to}`}`;

/** Newest first. */
export const listUsageRows = (
  database: Database,
  filter: UsageFilter,
  page: {
    readonly after: { readonly createdAt: string; readonly completionId: string; readonly place: string } | undefined;
    readonly limit: number;
  },
): Promise<(UsageRow & { readonly place: string })[]> =>
  database.query(sql`
    select * from (
      select completion_id, conversation_id, step, fence, call, model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
        cost_micros, estimated, cached, user_id, key_id, created_at, created_at::text as cursor_at, lpad(step::text, 6, '0') || lpad(fence::text, 6, '0') || lpad(call::text, 6, '0') as place
      from usage where ${within(filter)}) entry
    ${page.after === undefined ? empty : sql`where (created_at, completion_id, place) < (${page.after.createdAt}::text::timestamptz, ${page.after.completionId}, ${page.after.place})`}
    order by created_at desc, completion_id desc, place desc limit ${page.limit}`);

export interface UsageTotalsRow {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_micros: number;
  readonly calls: number;
  readonly unpriced: number;
}

/** The columns of `UsageTotalsRow`. */
export const usageTotals: Sql = sql`
  coalesce(sum(input_tokens), 0)::int8 as input_tokens, coalesce(sum(output_tokens), 0)::int8 as output_tokens,
  coalesce(sum(cost_micros), 0)::int8 as cost_micros, count(*) as calls, count(*) filter (where cost_micros is null) as unpriced`;

export const sumUsage = async (database: Database, filter: UsageFilter): Promise<UsageTotalsRow> => {
  const [row] = await database.query<UsageTotalsRow>(sql`
    select ${usageTotals} from usage where ${within(filter)}`);
  return row ?? { input_tokens: 0, output_tokens: 0, cost_micros: 0, calls: 0, unpriced: 0 };
};

export type UsageGroup = "day" | "model" | "user" | "agent";

export interface UsageGrouping {
  readonly by: UsageGroup;
  /** Whose days they are, as `Europe/Berlin`; default UTC. */
  readonly zone?: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
}

// an entry outlives its completion, which knows the agent
const agentOfEntry = sql`coalesce((select agent from completion
  where completion.id = usage.completion_id and completion.workspace_id = usage.workspace_id), '')`;

const groupKey = ({ by, zone = "UTC" }: UsageGrouping): Sql => {
  switch (by) {
    case "day":
      return sql`to_char(created_at at time zone ${zone}::text, 'YYYY-MM-DD')`;
    case "model":
      return sql`model`;
    case "user":
      return sql`user_id`;
    case "agent":
      return agentOfEntry;
  }
};

/** Sums by day, newest first, or by model, user or agent, by name. */
export const groupUsageRows = (
  database: Database,
  filter: UsageFilter,
  grouping: UsageGrouping,
): Promise<(UsageTotalsRow & { readonly key: string })[]> => {
  const { by, after, limit } = grouping;
  const isDown = by === "day";
  const beyond = after === undefined ? empty : isDown ? sql`where key < ${after}` : sql`where key > ${after}`;
  return database.query(sql`
    select key, ${usageTotals} from (select *, ${groupKey(grouping)} collate "C" as key from usage where ${within(filter)}) entry
    ${beyond} group by key order by key ${isDown ? sql`desc` : empty} limit ${limit}`);
};
