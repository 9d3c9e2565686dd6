import { NatterError } from "../foundation/errors.ts";
import type { ModelDirectory, ModelDriver, ModelInfo } from "../protocol/agent/model.ts";
import { catalogueAliases, describeModel, knownModels } from "./catalogue/catalogue.ts";
import { builtInCreator, builtInDrivers, type ProviderKeys } from "./built-in.ts";
import { fileAbilities, fileTypesOf, isOfType } from "./files/file-types.ts";
import { withCircuitBreaker } from "./guards/circuit-breaker.ts";
import { withConcurrency } from "./guards/concurrency.ts";
import { createDemoDriver, demoModel } from "./demo/demo.ts";
import { estimateTokens } from "./catalogue/estimate.ts";
import { withFallback } from "./guards/fallback.ts";
import { createLanguageModelDriver } from "./ai-sdk/language-model.ts";
import type { LanguageModelV4 } from "./ai-sdk/language-model-v4.ts";
import type { LocalModels } from "./local/local-models.ts";
import { splitModelId } from "./catalogue/model-id.ts";
import { silentProviderObserver, withObserver, type ProviderObserver } from "./guards/observe-calls.ts";
import { createOpenAICompatibleDriver } from "./openai-compatible.ts";
import { createPriceOf, listPriceOf, type Price, type PriceOf } from "./catalogue/prices.ts";
import type { Provider } from "./provider.ts";
import { withRetry } from "./guards/retry.ts";

/**
 * How a configured provider is reached: a server of Chat Completions, models of AI SDK 7, or a driver of one's own. Under
 * the id of a built-in provider a server speaks that provider's own protocol.
 */
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
  /** Media types that its models read besides text, as `image/*`. Absent: judged by their names. */
  readonly files?: readonly string[] | undefined;
  /** Calls at a time. */
  readonly concurrency?: number | undefined;
  /** Models that answer, the first one that can, when this provider can't. */
  readonly fallback?: readonly string[] | undefined;
};

export interface ProvidersConfig {
  /** By provider id. */
  readonly providers: Readonly<Record<string, ProviderConfig>>;
  /** Of built-in providers; a provider of the same id above takes its place. */
  readonly keys?: ProviderKeys | undefined;
  /** Models on this machine, to offer besides. */
  readonly local?: LocalModels | undefined;
  /** Model that answers when nobody chose one; absent: the first one offered, the demo model last. */
  readonly default?: string | undefined;
  readonly aliases: Readonly<Record<string, string>>;
  /** By canonical model id; wins over published prices. */
  readonly prices: Readonly<Record<string, Price>>;
  readonly allowsDemo: boolean;
  readonly stallSeconds: number;
  readonly observer?: ProviderObserver | undefined;
}

/** All models of this server. */
export interface Providers {
  /** The driver of a canonical model id. Throws `model_not_available` when its provider is gone. */
  driver(model: string): ModelDriver;
  readonly models: ModelDirectory;
  readonly priceOf: PriceOf;
  /** What the catalogue knows of a canonical model id. */
  describe(model: string): ModelInfo;
  /** Whether a model reads files of this media type. */
  takesFile(model: string, mediaType: string): boolean;
  estimateTokens(text: string): number;
}

const modelIdPattern = /^[A-Za-z0-9][\w.:@/+-]{0,199}$/;

const driverOf = (id: string, config: ProviderConfig, stallSeconds: number): ModelDriver => {
  if ("driver" in config) return config.driver;
  if ("model" in config) return createLanguageModelDriver(config.model, { stallSeconds });
  return builtInCreator(id)?.({ ...config, stallSeconds }) ?? createOpenAICompatibleDriver({ ...config, stallSeconds });
};

const offeredBy = (id: string, { models, files }: ProviderConfig): readonly ModelInfo[] => {
  const known = models?.map((model) => describeModel(`${id}/${model}`)) ?? knownModels(id);
  return files === undefined ? known : known.map((model) => ({ ...model, ...fileAbilities(files) }));
};

type Guard = (id: string, driver: ModelDriver, concurrency?: number) => ModelDriver;

/** Every provider's: calls are counted, made again, and not made while it is down. */
const createGuard =
  (observer: ProviderObserver): Guard =>
  (id, driver, concurrency) => {
    const observed = withObserver(driver, id, observer);
    observer.circuit(id, "closed");
    return withCircuitBreaker(
      withRetry(concurrency === undefined ? observed : withConcurrency(observed, concurrency)),
      {
        onState: (state) => observer.circuit(id, state),
      },
    );
  };

const configured = (id: string, config: ProviderConfig, stallSeconds: number, guard: Guard): Provider => ({
  id,
  driver: guard(id, driverOf(id, config, stallSeconds), config.concurrency),
  models: offeredBy(id, config),
  takesAnyModel: true,
});

const builtIn = (id: string, driver: ModelDriver): Provider => ({
  id,
  driver,
  models: knownModels(id),
  takesAnyModel: true,
});

const demo = (observer: ProviderObserver): Provider => ({
  id: "natter",
  driver: withObserver(createDemoDriver(), "natter", observer),
  models: [demoModel],
  takesAnyModel: false,
});

/** Local servers can be called whether they were found or not: what they had yesterday may be asked for today. */
const localDrivers = (
  local: LocalModels | undefined,
  stallSeconds: number,
  guard: Guard,
): ReadonlyMap<string, ModelDriver> =>
  new Map(
    (local?.servers ?? []).map(({ id, baseUrl }) => [
      id,
      guard(id, createOpenAICompatibleDriver({ baseUrl, stallSeconds })),
    ]),
  );

const createResolve = (
  providers: ReadonlyMap<string, Provider>,
  aliases: ReadonlyMap<string, string>,
  isLocal: (id: string) => boolean,
) => {
  const offered = [...providers.values()].flatMap(({ models }) => models.map(({ id }) => id));
  return (named: string): string | undefined => {
    const id = aliases.get(named) ?? named;
    const { providerId, modelId } = splitModelId(id);
    const provider = providers.get(providerId);
    if (provider?.takesAnyModel === true && modelIdPattern.test(modelId)) return id;
    const offer = offered.find((one) => one === id || splitModelId(one).modelId === id);
    return offer ?? (isLocal(id) ? id : undefined);
  };
};

const providersOf = (
  { providers, keys = {}, allowsDemo, stallSeconds, observer = silentProviderObserver }: ProvidersConfig,
  guard: Guard,
): Map<string, Provider> => {
  const explicit = Object.entries(providers).map(([id, entry]) => configured(id, entry, stallSeconds, guard));
  const keyed = [...builtInDrivers(keys, stallSeconds)]
    .filter(([id]) => !Object.hasOwn(providers, id))
    .map(([id, driver]) => builtIn(id, guard(id, driver)));
  const all = [...explicit, ...keyed, ...(allowsDemo ? [demo(observer)] : [])];
  return new Map(all.map((provider) => [provider.id, provider]));
};

const fallbacksOf = (
  { providers }: ProvidersConfig,
  resolve: (named: string) => string | undefined,
): ReadonlyMap<string, readonly string[]> => {
  const resolved = (named: string): string => {
    const model = resolve(named);
    if (model !== undefined) return model;
    throw new NatterError("model_not_available", `The fallback "${named}" belongs to no provider that is set up.`);
  };
  return new Map(Object.entries(providers).map(([id, { fallback = [] }]) => [id, fallback.map(resolved)]));
};

/**
 * The models that a configuration offers. Ids are `<provider id>/<model id>`; an offered model is found by its own id
 * alone as well. Without a default and without any offer the default is the empty id, which resolves to nothing; a model
 * on this machine is offered, but never the default that nobody chose.
 * @throws NatterError `model_not_available` when the configured default or a fallback cannot be resolved
 */
export const createProviders = (config: ProvidersConfig): Providers => {
  const { local, stallSeconds } = config;
  const guard = createGuard(config.observer ?? silentProviderObserver);
  const providers = providersOf(config, guard);
  const onThisMachine = localDrivers(local, stallSeconds, guard);
  const localModels = (): readonly ModelInfo[] =>
    (local?.list() ?? []).filter(({ id }) => !providers.has(splitModelId(id).providerId));
  const aliases = new Map(Object.entries({ ...catalogueAliases, ...config.aliases }));
  const isLocal = (id: string): boolean =>
    (id === config.default && onThisMachine.has(splitModelId(id).providerId)) ||
    localModels().some((model) => model.id === id);
  const resolve = createResolve(providers, aliases, isLocal);
  const priceOf = createPriceOf(config.prices);
  const models = [...providers.values()].flatMap((provider) => provider.models);
  const defaultModel = config.default === undefined ? (models[0]?.id ?? "") : resolve(config.default);
  if (defaultModel === undefined) {
    throw new NatterError(
      "model_not_available",
      `The default model "${config.default}" belongs to no provider that is set up.`,
    );
  }
  const driverFor = (model: string): ModelDriver => {
    const { providerId } = splitModelId(model);
    const driver = providers.get(providerId)?.driver ?? onThisMachine.get(providerId);
    if (driver === undefined)
      throw new NatterError("model_not_available", `There is no model "${model}" here any more.`);
    return driver;
  };
  const fallbacks = fallbacksOf(config, resolve);
  return {
    driver(model) {
      const others = fallbacks.get(splitModelId(model).providerId) ?? [];
      const driver = driverFor(model);
      if (others.length === 0) return driver;
      return withFallback(driver, () => others.map((other) => ({ model: other, driver: driverFor(other) })));
    },
    models: {
      resolve,
      defaultModel,
      list: () => [...models, ...localModels()].map((model) => ({ ...model, price: listPriceOf(priceOf, model.id) })),
    },
    priceOf,
    describe: describeModel,
    takesFile: (model, mediaType) =>
      isOfType(mediaType, config.providers[splitModelId(model).providerId]?.files ?? fileTypesOf(model)),
    estimateTokens: (text) => estimateTokens(text),
  };
};
