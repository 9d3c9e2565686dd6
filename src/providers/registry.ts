import { NatterError } from "../foundation/errors.ts";
import type { ModelDirectory, ModelDriver } from "../protocol/model.ts";
import { catalogueAliases, describeModel, knownModels } from "./catalogue.ts";
import { createDemoDriver, demoModel } from "./demo.ts";
import { estimateTokens } from "./estimate.ts";
import { createLanguageModelDriver } from "./language-model.ts";
import type { LanguageModelV4 } from "./language-model-v4.ts";
import { splitModelId } from "./model-id.ts";
import { createOpenAICompatibleDriver } from "./openai-compatible.ts";
import { createPriceOf, type Price, type PriceOf } from "./prices.ts";
import type { Provider } from "./provider.ts";
import { withRetry } from "./retry.ts";

/** How a configured provider is reached: a server of Chat Completions, models of AI SDK 7, or a driver of one's own. */
export type ProviderConfig = (
  | {
      readonly baseUrl: string;
      readonly apiKey?: string | undefined;
      readonly headers?: Readonly<Record<string, string>> | undefined;
    }
  | { readonly model: (modelId: string) => LanguageModelV4 }
  | { readonly driver: ModelDriver }
) & {
  /** Model ids to offer; others are accepted too. */
  readonly models?: readonly string[] | undefined;
};

export interface ProvidersConfig {
  /** By provider id. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** Model that answers when nobody chose one; absent: the first one offered, the demo model last. */
  readonly default?: string | undefined;
  readonly aliases: Readonly<Record<string, string>>;
  /** By canonical model id; wins over published prices. */
  readonly prices: Readonly<Record<string, Price>>;
  readonly allowsDemo: boolean;
  readonly stallSeconds: number;
}

/** All models of this server. */
export interface Providers {
  /** The driver of a canonical model id. Throws `model_not_available` when its provider is gone. */
  driver(model: string): ModelDriver;
  readonly models: ModelDirectory;
  readonly priceOf: PriceOf;
  /** Tokens that fit into the model's context; null when that is not known. */
  contextTokens(model: string): number | null;
  estimateTokens(text: string): number;
}

const modelIdPattern = /^[A-Za-z0-9][\w.:@/+-]{0,199}$/;

const driverOf = (config: ProviderConfig, stallSeconds: number): ModelDriver => {
  if ("driver" in config) return config.driver;
  if ("model" in config) return createLanguageModelDriver(config.model, { stallSeconds });
  return createOpenAICompatibleDriver({ ...config, stallSeconds });
};

const configured = (id: string, config: ProviderConfig, stallSeconds: number): Provider => ({
  id,
  driver: withRetry(driverOf(config, stallSeconds)),
  models: config.models?.map((model) => describeModel(`${id}/${model}`)) ?? knownModels(id),
  takesAnyModel: true,
});

const demo = (): Provider => ({ id: "natter", driver: createDemoDriver(), models: [demoModel], takesAnyModel: false });

const createResolve = (providers: ReadonlyMap<string, Provider>, aliases: ReadonlyMap<string, string>) => {
  const offered = [...providers.values()].flatMap(({ models }) => models.map(({ id }) => id));
  return (named: string): string | undefined => {
    const id = aliases.get(named) ?? named;
    const { providerId, modelId } = splitModelId(id);
    const provider = providers.get(providerId);
    if (provider?.takesAnyModel === true && modelIdPattern.test(modelId)) return id;
    return offered.find((offer) => offer === id || splitModelId(offer).modelId === id);
  };
};

/**
 * The models that a configuration offers. Ids are `<provider id>/<model id>`; an offered model is found by its own id
 * alone as well. Without a default and without any offer the default is the empty id, which resolves to nothing.
 * @throws NatterError `model_not_available` when the configured default cannot be resolved
 */
export const createProviders = (config: ProvidersConfig): Providers => {
  const { providers: configs, stallSeconds } = config;
  const list = Object.entries(configs).map(([id, entry]) => configured(id, entry, stallSeconds));
  if (config.allowsDemo) list.push(demo());
  const providers = new Map(list.map((provider) => [provider.id, provider]));
  const resolve = createResolve(providers, new Map(Object.entries({ ...catalogueAliases, ...config.aliases })));
  const models = list.flatMap((provider) => provider.models);
  const defaultModel = config.default === undefined ? (models[0]?.id ?? "") : resolve(config.default);
  if (defaultModel === undefined) {
    throw new NatterError(
      "model_not_available",
      `The default model "${config.default}" belongs to no provider that is set up.`,
    );
  }
  return {
    driver(model) {
      const provider = providers.get(splitModelId(model).providerId);
      if (provider === undefined)
        throw new NatterError("model_not_available", `There is no model "${model}" here any more.`);
      return provider.driver;
    },
    models: { resolve, defaultModel, list: () => models },
    priceOf: createPriceOf(config.prices),
    contextTokens: (model) => describeModel(model).contextTokens,
    estimateTokens: (text) => estimateTokens(text),
  };
};
