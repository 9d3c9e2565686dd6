import type { Budget, BudgetPeriod, BudgetScope } from "../../protocol/people/budget.ts";
import type { Page } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

/** At least one limit is needed. */
export interface SetBudgetBody {
  readonly scope: BudgetScope;
  /** A user or a key; absent: each of them, or the workspace. */
  readonly subject?: string | null | undefined;
  readonly period: BudgetPeriod;
  /** Millionths of a dollar. */
  readonly limitMicros?: number | null | undefined;
  /** Input and output together. */
  readonly limitTokens?: number | null | undefined;
}

/** What a workspace may spend; for its owners and admins. */
export const budgetCalls = ({ json, response }: Requester) => ({
  list: (): Promise<Page<Budget>> => json("/v1/budgets"),
  /** In place of an earlier one of the same scope, subject and period. */
  set: (body: SetBudgetBody): Promise<Budget> => json("/v1/budgets", { method: "PUT", body }),
  remove: async (budgetId: string): Promise<void> =>
    void (await response(`/v1/budgets/${encodeURIComponent(budgetId)}`, { method: "DELETE" })),
});
