import type { ModelDriver } from "../protocol/agent/model.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { compatibleDialect } from "./chat-completions/dialect.ts";
import { bearer, createChatDriver } from "./chat-driver.ts";
import type { DialectOf } from "./chat-completions/request.ts";
import { endpointUrl } from "./exchange/http-driver.ts";

/** R1 and V3 refuse reasoning of earlier turns, V4 refuses an answer without it. */
const deepseekDialect: DialectOf = (modelId) => ({
  ...compatibleDialect(modelId),
  reasoningOf: modelId.includes("deepseek-v4") ? "always" : "last",
});

/**
 * DeepSeek's Chat Completions.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createDeepSeekDriver = (options: BuiltInOptions): ModelDriver => {
  const url = endpointUrl(options.baseUrl ?? "https://api.deepseek.com", "chat/completions");
  return createChatDriver({
    urlOf: () => url,
    headers: { ...bearer(options.apiKey), ...options.headers },
    stallSeconds: options.stallSeconds,
    dialectOf: deepseekDialect,
  });
};
