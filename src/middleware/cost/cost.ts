import { z } from "zod";
import type { BudgetPolicy } from "../../completions/money/budgets.ts";
import { NatterError } from "../../foundation/errors.ts";
import { budgetPeriodSchema, budgetScopeSchema, type DefaultBudget } from "../../protocol/people/budget.ts";
import type { Middleware } from "../../protocol/agent/middleware.ts";

/** A limit for each user, each API key, or each workspace. */
export interface BudgetRule {
  /** Whose calls count together: of each `user` in a workspace (default), each `workspace`, each API `key`. */
  readonly for?: "user" | "workspace" | "key";
  /** When counting begins anew: each `day` or `month` (default) in UTC, or never: `total`. */
  readonly period?: "day" | "month" | "total";
  /** Dollars, to a millionth. */
  readonly dollars?: number;
  /** Input and output tokens together. */
  readonly tokens?: number;
}

export interface CostOptions {
  /** Hold in every workspace; admins of a workspace may set more by `/v1/budgets`. Default: none. */
  readonly budgets?: readonly BudgetRule[];
}

const ruleSchema = z
  .strictObject({
    for: budgetScopeSchema.default("user"),
    period: budgetPeriodSchema.default("month"),
    dollars: z.number().min(0).max(1e9).optional(),
    tokens: z.int().min(0).optional(),
  })
  .refine(({ dollars, tokens }) => dollars !== undefined || tokens !== undefined, "must limit dollars or tokens");

const optionsSchema = z.strictObject({ budgets: z.array(ruleSchema).max(32).default([]) });

interface CostMiddleware extends Middleware {
  readonly budgets: BudgetPolicy;
}

const isCost = (middleware: Middleware): middleware is CostMiddleware => "budgets" in middleware;

const parse = (options: CostOptions): readonly DefaultBudget[] => {
  const parsed = optionsSchema.safeParse(options);
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new NatterError("unprocessable", `cost(): ${said}`);
  }
  return parsed.data.budgets.map(({ for: scope, period, dollars, tokens }) => ({
    scope,
    period,
    limit_micros: dollars === undefined ? null : Math.round(dollars * 1e6),
    limit_tokens: tokens ?? null,
  }));
};

/**
 * Budgets for users, workspaces and API keys. Before each model call its input and at most 4,096 tokens of its answer
 * are reserved at list price, in the transaction that opens its ledger entry; where there is no room the answer ends
 * with `budget_exceeded` before anything is spent. A model without a known price is counted in tokens, and refused only
 * where a budget is in dollars.
 * @throws NatterError `unprocessable` for a rule that limits nothing
 *
 * @example cost({ budgets: [{ for: "user", period: "day", dollars: 2 }, { for: "workspace", dollars: 500 }] })
 */
export const cost = (options: CostOptions = {}): CostMiddleware => ({
  name: "cost",
  budgets: { defaults: parse(options) },
});

/** The budgets of a configuration; undefined without `cost()`. */
export const budgetPolicyOf = (middleware: readonly Middleware[]): BudgetPolicy | undefined =>
  middleware.find(isCost)?.budgets;
