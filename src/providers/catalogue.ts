import type { ModelInfo } from "../protocol/model.ts";

type Row = readonly [id: string, name: string, contextTokens: number, maxOutputTokens: number, ability?: "reasoning"];

/** Models that are known by name. A provider may offer others; of those nothing is known. */
const rows: readonly Row[] = [
  ["openai/gpt-5", "GPT-5", 400_000, 128_000, "reasoning"],
  ["openai/gpt-5-mini", "GPT-5 mini", 400_000, 128_000, "reasoning"],
  ["openai/gpt-4o", "GPT-4o", 128_000, 16_384],
  ["openai/gpt-4-turbo", "GPT-4 Turbo", 128_000, 4_096],
  ["openai/o1", "o1", 200_000, 100_000, "reasoning"],
  ["openai/o3", "o3", 200_000, 100_000, "reasoning"],
  ["openai/o3-mini", "o3-mini", 200_000, 100_000, "reasoning"],
  ["openai/o4-mini", "o4-mini", 200_000, 100_000, "reasoning"],
  ["anthropic/claude-opus-4-6", "Claude Opus 4.6", 200_000, 128_000, "reasoning"],
  ["anthropic/claude-sonnet-4-6", "Claude Sonnet 4.6", 200_000, 64_000, "reasoning"],
  ["anthropic/claude-sonnet-4-5", "Claude Sonnet 4.5", 200_000, 64_000, "reasoning"],
  ["anthropic/claude-haiku-4-5", "Claude Haiku 4.5", 200_000, 64_000, "reasoning"],
  ["google/gemini-2.5-pro", "Gemini 2.5 Pro", 1_048_576, 65_536, "reasoning"],
  ["google/gemini-2.5-flash", "Gemini 2.5 Flash", 1_048_576, 65_536, "reasoning"],
  ["google/gemini-2.5-flash-lite", "Gemini 2.5 Flash-Lite", 1_048_576, 65_536, "reasoning"],
  ["groq/llama-3.3-70b-versatile", "Llama 3.3 70B", 131_072, 32_768],
  ["groq/openai/gpt-oss-120b", "gpt-oss 120B", 131_072, 65_536, "reasoning"],
  ["deepseek/deepseek-chat", "DeepSeek Chat", 64_000, 8_192],
  ["deepseek/deepseek-reasoner", "DeepSeek Reasoner", 64_000, 64_000, "reasoning"],
];

const known: ReadonlyMap<string, ModelInfo> = new Map(
  rows.map(([id, name, contextTokens, maxOutputTokens, ability]) => [
    id,
    { id, name, contextTokens, maxOutputTokens, tools: true, reasoning: ability === "reasoning" },
  ]),
);

/** Names under which Anthropic's models are known elsewhere: with a dot in the version. */
const dotted = ["claude-opus-4.6", "claude-sonnet-4.6", "claude-sonnet-4.5", "claude-haiku-4.5"];

/** Other names of known models, to their canonical ids. */
export const catalogueAliases: Readonly<Record<string, string>> = Object.fromEntries(
  dotted.flatMap((name) => {
    const id = `anthropic/${name.replace(".", "-")}`;
    return [
      [name, id],
      [`anthropic/${name}`, id],
    ];
  }),
);

/** What is known of a model by its canonical id; of one that the catalogue does not have, nothing but its id. */
export const describeModel = (id: string): ModelInfo =>
  known.get(id) ?? {
    id,
    name: id.slice(id.indexOf("/") + 1),
    contextTokens: null,
    maxOutputTokens: null,
    tools: true,
    reasoning: false,
  };

/** The known models of a provider, best first. */
export const knownModels = (providerId: string): readonly ModelInfo[] =>
  [...known.values()].filter(({ id }) => id.startsWith(`${providerId}/`));
