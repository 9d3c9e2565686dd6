import type { Database } from "../../ports/database.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import type { UsageLine, UsageTotals } from "../../protocol/usage.ts";
import {
  groupUsageRows,
  listUsageRows,
  sumUsage,
  type UsageFilter,
  type UsageGrouping,
  type UsageTotalsRow,
} from "../../store/money/usage-rows.ts";

export interface UsageReport {
  readonly data: readonly UsageLine[];
  readonly totals: UsageTotals;
  readonly nextCursor: UsageCursor | null;
}

/** Where a listing goes on: the last line seen. */
export interface UsageCursor {
  readonly createdAt: string;
  readonly completionId: string;
  readonly place: string;
}

export interface UsageQuery {
  /** The whole workspace instead of the caller's own: for whoever may administer it. */
  readonly isOfWorkspace?: boolean;
  /** Of the whole workspace only what this user pays. */
  readonly userId?: string | undefined;
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
  readonly cursor?: UsageCursor | undefined;
  readonly limit: number;
}

const totalsOf = (totals: UsageTotalsRow): UsageTotals => ({
  inputTokens: totals.input_tokens,
  outputTokens: totals.output_tokens,
  costMicros: totals.cost_micros,
  calls: totals.calls,
  unpricedCalls: totals.unpriced,
});

const filterOf = (
  principal: Principal,
  { isOfWorkspace, userId, from, to }: Pick<UsageQuery, "isOfWorkspace" | "userId" | "from" | "to">,
): UsageFilter => ({
  workspaceId: principal.workspaceId,
  userId: isOfWorkspace === true ? userId : principal.userId,
  from,
  to,
});

export interface UsageGroupReport {
  /** `key`: the day, the model's id, the user's, or the agent; empty: of an agent whose completions are purged. */
  readonly data: readonly (UsageTotals & { readonly key: string })[];
  /** The last key of this page; null: there is no other. */
  readonly next: string | null;
}

/** The sums of a ledger over a time. */
export const sumUsageOf = async (
  database: Database,
  principal: Principal,
  query: Pick<UsageQuery, "isOfWorkspace" | "userId" | "from" | "to">,
): Promise<UsageTotals> => totalsOf(await sumUsage(database, filterOf(principal, query)));

/** Sums of a ledger by day, model, user or agent. */
export const groupUsage = async (
  database: Database,
  principal: Principal,
  query: Omit<UsageQuery, "cursor"> & Omit<UsageGrouping, "after"> & { readonly after?: string | undefined },
): Promise<UsageGroupReport> => {
  const { by, zone, after, limit } = query;
  const rows = await groupUsageRows(database, filterOf(principal, query), { by, zone, after, limit: limit + 1 });
  const data = rows.slice(0, limit).map((row) => ({ key: row.key, ...totalsOf(row) }));
  return { data, next: rows.length > limit ? (data.at(-1)?.key ?? null) : null };
};

/** The caller's own ledger in the workspace, or all of the workspace's, newest first, with the sums over the whole time asked for. */
export const readUsage = async (database: Database, principal: Principal, query: UsageQuery): Promise<UsageReport> => {
  const filter = filterOf(principal, query);
  const rows = await listUsageRows(database, filter, { after: query.cursor, limit: query.limit + 1 });
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  return {
    data: page.map((row) => ({
      completionId: row.completion_id,
      conversationId: row.conversation_id,
      step: row.step,
      model: row.model,
      inputTokens: row.input_tokens,
      outputTokens: row.output_tokens,
      cacheReadTokens: row.cache_read_tokens,
      cacheWriteTokens: row.cache_write_tokens,
      reasoningTokens: row.reasoning_tokens,
      costMicros: row.cost_micros,
      estimated: row.estimated,
      cached: row.cached,
      userId: row.user_id,
      keyId: row.key_id,
      createdAt: row.created_at.toISOString(),
    })),
    totals: totalsOf(await sumUsage(database, filter)),
    nextCursor:
      rows.length > query.limit && last !== undefined
        ? { createdAt: last.cursor_at, completionId: last.completion_id, place: last.place }
        : null,
  };
};
