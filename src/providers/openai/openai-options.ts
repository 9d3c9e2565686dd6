type Options = Readonly<Record<string, unknown>>;

const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** AI SDK's names that are no name of OpenAI in camel case, to OpenAI's. */
const renamed: ReadonlyMap<string, string> = new Map([["text_verbosity", "verbosity"]]);

/** What a conversation may ask of OpenAI: nothing that changes what is called, what it may do, or whose data it reads. */
const allowed = new Set([
  "reasoning_effort",
  "reasoning_summary",
  "verbosity",
  "parallel_tool_calls",
  "service_tier",
  "prompt_cache_key",
  "safety_identifier",
  "user",
  "seed",
  "stop",
  "logit_bias",
  "response_format",
]);

/** `providerOptions.openai` in OpenAI's own names; AI SDK's are understood as well. */
export const openaiOptions = (options: Options): Options =>
  Object.fromEntries(
    Object.entries(options)
      .map(([name, value]) => [renamed.get(snakeCase(name)) ?? snakeCase(name), value] as const)
      .filter(([name]) => allowed.has(name)),
  );
