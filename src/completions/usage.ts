import type { Database } from "../ports/database.ts";
import type { Principal } from "../protocol/principal.ts";
import { listUsageRows, sumUsage, type UsageTotals } from "../store/usage-rows.ts";

export interface UsageLine {
  readonly completionId: string;
  readonly conversationId: string;
  readonly step: number;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly reasoningTokens: number;
  /** Micro-dollars; null when the model's price is not known. */
  readonly costMicros: number | null;
  readonly estimated: boolean;
  /** It came from the cache. */
  readonly cached: boolean;
  /** Who pays. */
  readonly userId: string;
  /** The API key that asked; null: none of ours. */
  readonly keyId: string | null;
  readonly createdAt: string;
}

export interface UsageReport {
  readonly data: readonly UsageLine[];
  readonly totals: {
    readonly inputTokens: number;
    readonly outputTokens: number;
    readonly costMicros: number;
    readonly calls: number;
    readonly unpricedCalls: number;
  };
  readonly nextCursor: UsageCursor | null;
}

/** Where a listing goes on: the last line seen. */
export interface UsageCursor {
  readonly createdAt: string;
  readonly completionId: string;
  readonly place: string;
}

export interface UsageQuery {
  readonly from?: Date | undefined;
  /** Not included. */
  readonly to?: Date | undefined;
  readonly cursor?: UsageCursor | undefined;
  readonly limit: number;
}

const totalsOf = (totals: UsageTotals): UsageReport["totals"] => ({
  inputTokens: totals.input_tokens,
  outputTokens: totals.output_tokens,
  costMicros: totals.cost_micros,
  calls: totals.calls,
  unpricedCalls: totals.unpriced,
});

/** The caller's own ledger in the workspace, newest first, with the sums over the whole time asked for. */
export const readUsage = async (database: Database, principal: Principal, query: UsageQuery): Promise<UsageReport> => {
  const filter = { workspaceId: principal.workspaceId, userId: principal.userId, from: query.from, to: query.to };
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
