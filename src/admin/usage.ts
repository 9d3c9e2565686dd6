import { groupUsage, readUsage, type UsageGroupReport } from "../completions/money/usage.ts";
import type { Database } from "../ports/database.ts";
import type { AdminUsage } from "../protocol/admin/resources.ts";
import type { Principal } from "../protocol/principal.ts";
import { findUserNames } from "../store/admin/user-rows.ts";
import { toCsv } from "./csv.ts";

export interface WorkspaceUsageQuery {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  readonly group: "day" | "model" | "user";
}

const groupsAtOnce = 1_000;

/** The whole workspace's ledger in sums by day (newest first), model or user, and altogether. */
export const readWorkspaceUsage = async (
  database: Database,
  principal: Principal,
  { from, to, group }: WorkspaceUsageQuery,
): Promise<AdminUsage> => {
  const query = { from, to, isOfWorkspace: true };
  const sums: UsageGroupReport["data"][number][] = [];
  let after: string | undefined;
  do {
    const page = { ...query, by: group, after, limit: groupsAtOnce };
    const { data, next } = await groupUsage(database, principal, page);
    sums.push(...data);
    after = next ?? undefined;
  } while (after !== undefined);
  const names =
    group === "user"
      ? await findUserNames(
          database,
          sums.map(({ key }) => key),
        )
      : undefined;
  const { totals } = await readUsage(database, principal, { ...query, limit: 1 });
  return { data: sums.map((sum) => ({ ...sum, name: names?.get(sum.key) ?? null })), totals };
};

/** The same as a table: one line a group. */
export const usageToCsv = (group: WorkspaceUsageQuery["group"], { data }: AdminUsage): string =>
  toCsv(
    [group, "name", "calls", "input_tokens", "output_tokens", "cost_micros", "unpriced_calls"],
    data.map((sum) => [
      sum.key,
      sum.name,
      sum.calls,
      sum.inputTokens,
      sum.outputTokens,
      sum.costMicros,
      sum.unpricedCalls,
    ]),
  );
