import type { ModelDriver } from "../protocol/agent/model.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { describeModel } from "./catalogue/catalogue.ts";
import { bearer, createChatDriver } from "./chat-driver.ts";
import type { DialectOf } from "./chat-completions/request.ts";
import { endpointUrl } from "./exchange/http-driver.ts";

/** These write their reasoning into the text unless they are told to keep it apart. */
const mixesReasoning = /qwen|deepseek-r1/;

const groqDialect: DialectOf = (modelId) => ({
  instructionsRole: "system",
  maxTokens: "max_completion_tokens",
  sampling: "all",
  reasoning: describeModel(`groq/${modelId}`).reasoning ? "reasoning" : null,
  reasoningOf: "all",
  options: (options) => (mixesReasoning.test(modelId) ? { reasoning_format: "parsed", ...options } : options),
});

/**
 * Groq's Chat Completions.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createGroqDriver = (options: BuiltInOptions): ModelDriver => {
  const url = endpointUrl(options.baseUrl ?? "https://api.groq.com/openai/v1", "chat/completions");
  return createChatDriver({
    urlOf: () => url,
    headers: { ...bearer(options.apiKey), ...options.headers },
    stallSeconds: options.stallSeconds,
    dialectOf: groqDialect,
  });
};
