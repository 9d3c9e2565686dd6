import type { Usage } from "../../protocol/agent/model.ts";
import { isRecord } from "../exchange/json.ts";

const count = (value: unknown): number => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : 0);

const member = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

/** `usage` of Chat Completions, with the variants of DeepSeek and OpenRouter; undefined when it tells nothing. */
export const readUsage = (value: unknown): Usage | undefined => {
  if (!isRecord(value)) return undefined;
  const inputTokens = count(value["prompt_tokens"]);
  const outputTokens = count(value["completion_tokens"]);
  if (inputTokens === 0 && outputTokens === 0) return undefined;
  const input = value["prompt_tokens_details"];
  const cacheReadTokens = Math.min(
    inputTokens,
    count(member(input, "cached_tokens")) || count(value["prompt_cache_hit_tokens"]),
  );
  const cacheWriteTokens = Math.min(inputTokens - cacheReadTokens, count(member(input, "cache_write_tokens")));
  const reasoningTokens = count(member(value["completion_tokens_details"], "reasoning_tokens"));
  return {
    inputTokens,
    outputTokens,
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(cacheWriteTokens > 0 ? { cacheWriteTokens } : {}),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
  };
};
