import type { AIMessage } from "@langchain/core/messages";
import { z } from "zod";
import type { Usage } from "../../protocol/agent/model.ts";
import type { Turn } from "../../protocol/agent/turn.ts";
import { registryMark } from "./generations.ts";

const count = z.int().nonnegative();

const usageSchema = z.object({
  input_tokens: count,
  output_tokens: count,
  input_token_details: z.object({ cache_read: count.optional(), cache_creation: count.optional() }).optional(),
  output_token_details: z.object({ reasoning: count.optional() }).optional(),
});

const counted = (name: keyof Usage, tokens: number | undefined): Partial<Usage> =>
  tokens === undefined ? {} : { [name]: tokens };

const usageOf = (told: z.infer<typeof usageSchema>): Usage => ({
  inputTokens: told.input_tokens,
  outputTokens: told.output_tokens,
  ...counted("cacheReadTokens", told.input_token_details?.cache_read),
  ...counted("cacheWriteTokens", told.input_token_details?.cache_creation),
  ...counted("reasoningTokens", told.output_token_details?.reasoning),
});

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Enters what a model of the graph's own says it used; those made here are in the ledger already. */
export const reportUsage = async (
  turn: Turn,
  { usage_metadata, response_metadata: told }: AIMessage,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const { data: usage } = usageSchema.safeParse(usage_metadata);
  if (usage === undefined || told[registryMark] === true) return;
  const name = textOf(metadata["ls_model_name"]) ?? textOf(told["model_name"]);
  const provider = textOf(metadata["ls_provider"]);
  await turn.kit.report(usageOf(usage), name === undefined ? undefined : `${provider ?? "langchain"}/${name}`);
};
