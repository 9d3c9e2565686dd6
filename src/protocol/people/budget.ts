import { z } from "zod";

export const budgetScopeSchema = z.enum(["workspace", "user", "key"]);
export const budgetPeriodSchema = z.enum(["day", "month", "total"]);

/** Whose calls count together. */
export type BudgetScope = z.infer<typeof budgetScopeSchema>;

/** When counting begins anew: at midnight or on the first of the month, in UTC, or never. */
export type BudgetPeriod = z.infer<typeof budgetPeriodSchema>;

/** At least one is set. */
export interface BudgetLimits {
  /** Micro-dollars; null: any amount. */
  readonly limitMicros: number | null;
  /** Input and output tokens; null: any number. */
  readonly limitTokens: number | null;
}

/** A budget of the configuration, as SQL takes it: it holds where a workspace has none of this scope and period. */
export interface DefaultBudget {
  readonly scope: BudgetScope;
  readonly period: BudgetPeriod;
  readonly limit_micros: number | null;
  readonly limit_tokens: number | null;
}

/** Where a budget stands. */
export const budgetStandingSchema = z
  .object({
    scope: budgetScopeSchema,
    period: budgetPeriodSchema,
    startedAt: z.string().describe("When this period began, UTC"),
    limitMicros: z.int().nullable().describe("Millionths of a dollar; null: any amount"),
    limitTokens: z.int().nullable(),
    spentMicros: z.int().describe("With what is reserved for calls under way"),
    spentTokens: z.int(),
    remainingMicros: z.int().nullable(),
    remainingTokens: z.int().nullable(),
  })
  .meta({ id: "BudgetStanding" });

export type BudgetStanding = z.infer<typeof budgetStandingSchema>;

const limits = {
  limitMicros: z.int().min(0).max(1e15).nullable().describe("Millionths of a dollar; null: any amount"),
  limitTokens: z.int().min(0).max(1e15).nullable().describe("Input and output together; null: any number"),
};

/** A budget that a workspace has set for itself. */
export const budgetSchema = z
  .object({
    id: z.string(),
    scope: budgetScopeSchema,
    subject: z.string().nullable().describe("The user or API key that it is for; null: each of them, or the workspace"),
    period: budgetPeriodSchema,
    ...limits,
    createdBy: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: "Budget" });

export type Budget = z.infer<typeof budgetSchema>;

/** `PUT /v1/budgets`. */
export const setBudgetRequestSchema = z
  .strictObject({
    scope: budgetScopeSchema,
    subject: z.string().min(1).max(64).nullable().default(null),
    period: budgetPeriodSchema,
    limitMicros: limits.limitMicros.default(null),
    limitTokens: limits.limitTokens.default(null),
  })
  .refine((body) => body.limitMicros !== null || body.limitTokens !== null, "must set limitMicros or limitTokens")
  .refine((body) => body.scope !== "workspace" || body.subject === null, "a workspace's budget has no subject")
  .meta({ id: "SetBudgetRequest" });
