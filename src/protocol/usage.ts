import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";
import { listOf } from "./page.ts";

/** One model call of the ledger. */
export const usageLineSchema = z
  .object({
    completionId: idSchema,
    conversationId: idSchema,
    step: z.int(),
    model: z.string(),
    inputTokens: z.int(),
    outputTokens: z.int(),
    cacheReadTokens: z.int(),
    cacheWriteTokens: z.int(),
    reasoningTokens: z.int(),
    costMicros: z.int().nullable().describe("Millionths of a dollar; null when the model's price is not known"),
    estimated: z.boolean(),
    cached: z.boolean().describe("The answer came from the cache"),
    userId: z.string().describe("Who pays"),
    keyId: z.string().nullable().describe("The API key that asked; null: none of ours"),
    createdAt: timestampSchema,
  })
  .meta({ id: "UsageLine" });

export type UsageLine = Readonly<z.infer<typeof usageLineSchema>>;

/** Sums of the ledger. */
export const usageTotalsSchema = z.object({
  inputTokens: z.int(),
  outputTokens: z.int(),
  costMicros: z.int(),
  calls: z.int(),
  unpricedCalls: z.int(),
});

export type UsageTotals = Readonly<z.infer<typeof usageTotalsSchema>>;

/** A page of the ledger, newest first, and the sums of the whole time asked for. */
export const usagePageSchema = listOf(usageLineSchema).extend({ totals: usageTotalsSchema }).meta({ id: "UsagePage" });

/** Costs are millionths of a dollar. */
export type UsagePage = Readonly<z.infer<typeof usagePageSchema>>;

export const usageSumSchema = usageTotalsSchema
  .extend({ key: z.string().describe("The day as 2026-01-31, the model, or the user's id") })
  .meta({ id: "UsageSum" });
