import type { ModelDriver } from "../protocol/agent/model.ts";
import { bearer, createChatDriver } from "./chat-driver.ts";
import { endpointUrl } from "./exchange/http-driver.ts";

export interface OpenAICompatibleOptions {
  /** Up to and without `/chat/completions`, such as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Seconds without a byte until a call fails as `provider_timeout`. */
  readonly stallSeconds: number;
}

/**
 * A driver for any server that speaks OpenAI's Chat Completions. An answer that ends without a finish reason fails,
 * unless it said `[DONE]`.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createOpenAICompatibleDriver = (options: OpenAICompatibleOptions): ModelDriver => {
  const url = endpointUrl(options.baseUrl, "chat/completions");
  return createChatDriver({
    urlOf: () => url,
    headers: { ...bearer(options.apiKey), ...options.headers },
    stallSeconds: options.stallSeconds,
  });
};
