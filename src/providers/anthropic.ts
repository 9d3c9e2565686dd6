import type { ModelDriver } from "../protocol/agent/model.ts";
import { createMessagesReader } from "./anthropic/reader.ts";
import { requestBody } from "./anthropic/request.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { createHttpDriver, endpointUrl } from "./exchange/http-driver.ts";

/**
 * A driver for Anthropic's Messages. Reasoning carries its signature as `providerMetadata.anthropic`, which goes back
 * with it in later prompts; without it reasoning is left out of a prompt.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createAnthropicDriver = (options: BuiltInOptions): ModelDriver => {
  const url = endpointUrl(options.baseUrl ?? "https://api.anthropic.com/v1", "messages");
  const { apiKey = "" } = options;
  return createHttpDriver({
    headers: {
      "anthropic-version": "2023-06-01",
      ...(apiKey === "" ? {} : { "x-api-key": apiKey }),
      ...options.headers,
    },
    stallSeconds: options.stallSeconds,
    request: (call) => ({ url, body: requestBody(call) }),
    reader: createMessagesReader,
  });
};
