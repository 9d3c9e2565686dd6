import { groupUsage, sumUsageOf, type UsageGroupReport } from "../completions/money/usage.ts";
import type { Database } from "../ports/database.ts";
import { adminUsageSchema, type AdminUsage } from "../protocol/admin/figures.ts";
import type { Principal } from "../protocol/people/principal.ts";
import type { UsageGroup } from "../store/money/usage-rows.ts";
import { findUserNames } from "../store/admin/user-rows.ts";
import { cellsOf, columnsOf, toCsvLine } from "./csv.ts";

export interface WorkspaceUsageQuery {
  readonly from: Date | undefined;
  readonly to: Date | undefined;
  /** Only what this user pays. */
  readonly userId?: string | undefined;
  readonly group: UsageGroup;
  /** Whose days they are. */
  readonly zone?: string | undefined;
}

const groupsAtOnce = 1_000;

/** The whole workspace's ledger in sums by day (newest first), model, user or agent, and altogether. */
export const readWorkspaceUsage = async (
  database: Database,
  principal: Principal,
  { from, to, userId, group, zone }: WorkspaceUsageQuery,
): Promise<AdminUsage> => {
  const query = { from, to, userId, isOfWorkspace: true };
  const sums: UsageGroupReport["data"][number][] = [];
  let after: string | undefined;
  do {
    const page = { ...query, by: group, zone, after, limit: groupsAtOnce };
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
  const totals = await sumUsageOf(database, principal, query);
  return { data: sums.map((sum) => ({ ...sum, name: names?.get(sum.key) ?? null })), totals };
};

/** The same as lines of CSV, one a group. */
export async function* usageLines(group: UsageGroup, { data }: AdminUsage): AsyncGenerator<string> {
  const columns = columnsOf(adminUsageSchema.shape.data.element);
  yield toCsvLine(columns.map(({ name }) => (name === "key" ? group : name)));
  yield data.map((sum) => toCsvLine(cellsOf(columns, sum))).join("");
}
