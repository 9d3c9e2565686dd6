import { z } from "zod";
import { idSchema, timestampSchema } from "./identifiers.ts";

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
