import type { Settings } from "../protocol/settings.ts";

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
