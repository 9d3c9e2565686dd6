import type { Budget } from "../../protocol/people/budget.ts";
import type { Page } from "../../protocol/page.ts";
import type { SetBudgetBody } from "./bodies.ts";
import type { Requester } from "../requests/requester.ts";

/** What a workspace may spend; for its owners and admins. */
export const budgetCalls = ({ json, response }: Requester) => ({
  list: (): Promise<Page<Budget>> => json("/v1/budgets"),
  /** At least one limit is needed. In place of an earlier one of the same scope, subject and period. */
  set: (body: SetBudgetBody): Promise<Budget> => json("/v1/budgets", { method: "PUT", body }),
  remove: async (budgetId: string): Promise<void> =>
    void (await response(`/v1/budgets/${encodeURIComponent(budgetId)}`, { method: "DELETE" })),
});
