import type { Usage } from "../../protocol/agent/model.ts";
import { isRecord } from "../exchange/json.ts";

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Puts together what `message_start` and each `message_delta` count; a later count replaces an earlier one. */
export interface UsageCounter {
  add(usage: unknown): void;
  /** Undefined when nothing was counted. */
  total(): Usage | undefined;
}

const names = ["input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"] as const;

/** Anthropic counts tokens of its cache beside the input; Natter counts them as a part of it. */
export const createUsageCounter = (): UsageCounter => {
  const counts = { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 };
  let reasoningTokens = 0;
  return {
    add(usage) {
      if (!isRecord(usage)) return;
      for (const name of names) {
        const value = usage[name];
        if (isCount(value)) counts[name] = value;
      }
      const details = usage["output_tokens_details"];
      const thinking = isRecord(details) ? details["thinking_tokens"] : undefined;
      if (isCount(thinking)) reasoningTokens = thinking;
    },
    total() {
      const { cache_read_input_tokens: cacheReadTokens, cache_creation_input_tokens: cacheWriteTokens } = counts;
      const inputTokens = counts.input_tokens + cacheReadTokens + cacheWriteTokens;
      const outputTokens = counts.output_tokens;
      if (inputTokens === 0 && outputTokens === 0) return undefined;
      return {
        inputTokens,
        outputTokens,
        ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
        ...(cacheWriteTokens > 0 ? { cacheWriteTokens } : {}),
        ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
      };
    },
  };
};
