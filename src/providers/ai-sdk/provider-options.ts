import type { ModelCall } from "../../protocol/agent/model.ts";
import type { Settings } from "../../protocol/settings.ts";

type ProviderOptions = NonNullable<Settings["providerOptions"]>;

/** What a conversation's options never change: what is called, what it is told, what it may do, and how much it costs. */
const reserved = new Set([
  "model",
  "messages",
  "prompt",
  "stream",
  "stream_options",
  "tools",
  "functions",
  "n",
  "best_of",
  "max_tokens",
  "max_completion_tokens",
  "maxTokens",
  "maxCompletionTokens",
  "maxOutputTokens",
  "__proto__",
]);

/** A conversation's options for all providers, without those that only the server decides. */
export const safeProviderOptions = (options: ProviderOptions = {}): ProviderOptions =>
  Object.fromEntries(
    Object.entries(options).map(([provider, values]) => [
      provider,
      Object.fromEntries(Object.entries(values).filter(([name]) => !reserved.has(name))),
    ]),
  );

/** The call with these options in place of a provider's own. */
export const withOptions = (call: ModelCall, providerId: string, options: ProviderOptions[string]): ModelCall => ({
  ...call,
  settings: { ...call.settings, providerOptions: { ...call.settings.providerOptions, [providerId]: options } },
});

/** The call with none of a provider's options but these. */
export const limitOptions = (call: ModelCall, providerId: string, names: readonly string[]): ModelCall => {
  const given = call.settings.providerOptions?.[providerId];
  if (given === undefined) return call;
  return withOptions(
    call,
    providerId,
    Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name))),
  );
};
