import { NatterError } from "../../foundation/errors.ts";
import { createId } from "../../foundation/ids.ts";
import type { Database } from "../../ports/database.ts";
import type { Budget, BudgetLimits, BudgetPeriod, BudgetScope, BudgetStanding } from "../../protocol/people/budget.ts";
import type { Principal } from "../../protocol/people/principal.ts";
import {
  deleteBudgetRow,
  listBudgetRows,
  listSpending,
  putBudgetRow,
  type BudgetRow,
  type SpendingRow,
} from "../../store/money/budget-rows.ts";
import { recordDeed } from "../../store/identity/record-deed.ts";
import type { BudgetPolicy } from "./budgets.ts";

export interface NewBudget extends BudgetLimits {
  readonly scope: BudgetScope;
  /** A user or a key; null: each of them, or the workspace. */
  readonly subject: string | null;
  readonly period: BudgetPeriod;
}

const toBudget = (row: BudgetRow): Budget => ({
  id: row.id,
  scope: row.scope,
  subject: row.subject === "" ? null : row.subject,
  period: row.period,
  limitMicros: row.limit_micros,
  limitTokens: row.limit_tokens,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
});

/** The budgets that the workspace has set for itself, besides the configuration's. */
export const listBudgets = async (database: Database, workspaceId: string): Promise<Budget[]> =>
  (await listBudgetRows(database, workspaceId)).map(toBudget);

/** Sets a budget in place of an earlier one of the same scope, subject and period; it holds for the next model call. */
export const setBudget = (
  database: Database,
  principal: Principal,
  { subject, ...budget }: NewBudget,
): Promise<Budget> =>
  database.transaction(async () => {
    const { workspaceId, userId } = principal;
    const wanted = { ...budget, id: createId(), subject: subject ?? "", created_by: userId };
    const row = await putBudgetRow(database, workspaceId, wanted);
    await recordDeed(database, principal, { action: "budget.set", target: row.id, details: { ...budget, subject } });
    return toBudget(row);
  });

/** @throws NatterError `not_found` */
export const removeBudget = (database: Database, principal: Principal, id: string): Promise<void> =>
  database.transaction(async () => {
    if (!(await deleteBudgetRow(database, principal.workspaceId, id)))
      throw new NatterError("not_found", "There is no such budget.");
    await recordDeed(database, principal, { action: "budget.remove", target: id });
  });

const left = (limit: number | null, spent: number): number | null =>
  limit === null ? null : Math.max(0, limit - spent);

const toStanding = (row: SpendingRow): BudgetStanding => ({
  scope: row.scope,
  period: row.period,
  startedAt: new Date(row.starts).toISOString(),
  limitMicros: row.limit_micros,
  limitTokens: row.limit_tokens,
  spentMicros: row.micros,
  spentTokens: row.tokens,
  remainingMicros: left(row.limit_micros, row.micros),
  remainingTokens: left(row.limit_tokens, row.tokens),
});

/** Where the budgets of whoever asks stand; the workspace's for those who administer it. */
export const readQuota = async (
  database: Database,
  { workspaceId, userId, keyId, role }: Principal,
  { defaults }: BudgetPolicy,
): Promise<BudgetStanding[]> => {
  const rows = await listSpending(database, { workspaceId, userId, keyId: keyId ?? null }, defaults);
  const isAdmin = role === "owner" || role === "admin";
  return rows.filter(({ scope }) => scope !== "workspace" || isAdmin).map(toStanding);
};
