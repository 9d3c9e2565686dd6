import type { ModelDriver } from "../protocol/agent/model.ts";
import { createAnthropicDriver } from "./anthropic.ts";
import { createAzureDriver } from "./azure.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { createDeepSeekDriver } from "./deepseek.ts";
import { createGoogleDriver } from "./google.ts";
import { createGroqDriver } from "./groq.ts";
import { createOpenAIDriver } from "./openai.ts";

/** Keys that turn built-in providers on. */
export interface ProviderKeys {
  readonly openai?: string | undefined;
  readonly anthropic?: string | undefined;
  readonly google?: string | undefined;
  readonly groq?: string | undefined;
  readonly deepseek?: string | undefined;
  readonly azure?:
    | { readonly apiKey: string; readonly resourceName: string; readonly apiVersion?: string | undefined }
    | undefined;
}

type CreateDriver = (options: BuiltInOptions) => ModelDriver;

const creators: ReadonlyMap<string, CreateDriver> = new Map([
  ["openai", createOpenAIDriver],
  ["anthropic", createAnthropicDriver],
  ["google", createGoogleDriver],
  ["groq", createGroqDriver],
  ["deepseek", createDeepSeekDriver],
  ["azure", createAzureDriver],
]);

/** The creator of a provider that Natter knows by name; undefined for any other id. */
export const builtInCreator = (providerId: string): CreateDriver | undefined => creators.get(providerId);

/** The built-in providers that these keys turn on, by id. */
export const builtInDrivers = (keys: ProviderKeys, stallSeconds: number): ReadonlyMap<string, ModelDriver> => {
  const drivers = new Map<string, ModelDriver>();
  for (const [id, create] of creators) {
    const key = Object.entries(keys).find(([name]) => name === id)?.[1];
    if (typeof key === "string") drivers.set(id, create({ apiKey: key, stallSeconds }));
  }
  const { azure } = keys;
  return azure === undefined ? drivers : drivers.set("azure", createAzureDriver({ ...azure, stallSeconds }));
};
