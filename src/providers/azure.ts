import type { ModelDriver } from "../protocol/agent/model.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { createChatDriver } from "./chat-driver.ts";
import { endpointUrl } from "./exchange/http-driver.ts";
import { openaiDialect } from "./openai/openai-dialect.ts";

export interface AzureOptions extends BuiltInOptions {
  /** Up to and with `/openai`. Default: of the resource. */
  readonly baseUrl?: string | undefined;
  readonly resourceName?: string | undefined;
  /** A date, such as `2024-10-21`: the URL names the deployment. Absent, or `preview`: the API that is not dated. */
  readonly apiVersion?: string | undefined;
}

const urlOf = (base: string, apiVersion: string | undefined, deployment: string): URL => {
  const isDated = apiVersion !== undefined && /^\d{4}-/.test(apiVersion);
  const root = isDated ? `deployments/${encodeURIComponent(deployment)}` : "v1";
  const url = endpointUrl(base, `${root}/chat/completions`);
  if (apiVersion !== undefined) url.searchParams.set("api-version", apiVersion);
  return url;
};

/**
 * Azure OpenAI's Chat Completions. A model's id is the name of a deployment; one that is named after its model is called
 * as that model wants to be.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createAzureDriver = ({ resourceName = "", apiVersion, ...options }: AzureOptions): ModelDriver => {
  const { apiKey = "", baseUrl = `https://${resourceName}.openai.azure.com/openai`, headers, stallSeconds } = options;
  const base = baseUrl.replace(/(\/v1)?\/*$/, "");
  urlOf(base, apiVersion, "");
  return createChatDriver({
    urlOf: (deployment) => urlOf(base, apiVersion, deployment),
    headers: { ...(apiKey === "" ? {} : { "api-key": apiKey }), ...headers },
    stallSeconds,
    dialectOf: openaiDialect,
  });
};
