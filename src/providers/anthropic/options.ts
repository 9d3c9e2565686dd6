import type { Settings } from "../../protocol/settings.ts";
import { isRecord } from "../exchange/json.ts";

/** What a conversation may ask of Anthropic beyond the common settings, on the wire. */
export interface AnthropicOptions {
  readonly fields: Readonly<Record<string, unknown>>;
  /** Tokens that the model may think, which come on top of the answer's. */
  readonly thinkingTokens: number;
  readonly isThinking: boolean;
}

const leastThinkingTokens = 1024;

const tokens = (value: unknown): number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= leastThinkingTokens
    ? value
    : leastThinkingTokens;

const thinkingOf = (thinking: unknown): Omit<AnthropicOptions, "fields"> & { readonly field: object } => {
  const nothing = { field: {}, thinkingTokens: 0, isThinking: false };
  if (!isRecord(thinking)) return nothing;
  const { type, display } = thinking;
  if (type === "disabled") return { ...nothing, field: { thinking: { type } } };
  if (type === "adaptive") {
    const shown = typeof display === "string" ? { display } : {};
    return { field: { thinking: { type, ...shown } }, thinkingTokens: 0, isThinking: true };
  }
  if (type !== "enabled") return nothing;
  const budget = tokens(thinking["budgetTokens"] ?? thinking["budget_tokens"]);
  return { field: { thinking: { type, budget_tokens: budget } }, thinkingTokens: budget, isThinking: true };
};

/**
 * `providerOptions.anthropic`, by AI SDK's names: `thinking`, `effort`, `cacheControl`, `serviceTier`,
 * `disableParallelToolUse`. Everything else is left out: it could change what is called, or where.
 */
export const anthropicOptions = (settings: Settings, hasTools: boolean): AnthropicOptions => {
  const { thinking, effort, cacheControl, serviceTier, disableParallelToolUse } =
    settings.providerOptions?.["anthropic"] ?? {};
  const { field, ...thought } = thinkingOf(thinking);
  return {
    ...thought,
    fields: {
      ...field,
      ...(typeof effort === "string" ? { output_config: { effort } } : {}),
      ...(isRecord(cacheControl) ? { cache_control: cacheControl } : {}),
      ...(typeof serviceTier === "string" ? { service_tier: serviceTier } : {}),
      ...(disableParallelToolUse === true && hasTools
        ? { tool_choice: { type: "auto", disable_parallel_tool_use: true } }
        : {}),
    },
  };
};
