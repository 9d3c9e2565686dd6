import { createRequire } from "node:module";
import type * as GenaiPrices from "@pydantic/genai-prices";
import type { ListPrice, Usage } from "../../protocol/agent/model.ts";
import { splitModelId } from "./model-id.ts";

/** Dollars per million tokens, which is micro-dollars per token. Without a price of its own, cache counts as input. */
export interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
}

/** What a call costs, and the price that says so: kept with the ledger's entry. */
export interface Cost {
  /** Whole micro-dollars, rounded up. */
  readonly costMicros: number;
  readonly price: unknown;
}

/** The cost of a usage; null when the model's price is not known. */
export type PriceOf = (modelId: string, usage: Usage) => Cost | null;

type Quote = (usage: Usage) => Cost | null;

/** Users may name any model: the prices of more than this are not kept. */
const maxQuotes = 1000;

// a sum that is whole but for binary fractions must not cost a micro-dollar more
const roundUp = (micros: number): number => Math.ceil(Math.max(0, micros - 1e-6));

const fixedQuote =
  (price: Price): Quote =>
  ({ inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }) => {
    const { input, output, cacheRead = input, cacheWrite = input } = price;
    const fresh = Math.max(0, inputTokens - cacheReadTokens - cacheWriteTokens);
    const micros = fresh * input + cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite + outputTokens * output;
    return { costMicros: roundUp(micros), price };
  };

const require = createRequire(import.meta.url);
let published: typeof GenaiPrices | undefined;

/** Loaded by the first question for a price: 40 ms that a start does not need. */
const loadPublished = (): typeof GenaiPrices => (published ??= require("@pydantic/genai-prices"));

/** What genai-prices says, tiers and dates included; cached tokens may not be more than all tokens there. */
const publishedQuote = (id: string): Quote | null => {
  const { providerId, modelId } = splitModelId(id);
  const { calcPrice, findProvider } = loadPublished();
  // it finds `my-openai` for OpenAI as well: somebody else's server has its own prices
  const provider = findProvider({ providerId });
  if (provider?.id !== providerId || calcPrice({}, modelId, { provider }) === null) return null;
  return ({ inputTokens, outputTokens, cacheReadTokens = 0, cacheWriteTokens = 0 }) => {
    const cache_read_tokens = Math.min(cacheReadTokens, inputTokens);
    const cache_write_tokens = Math.min(cacheWriteTokens, inputTokens - cache_read_tokens);
    const usage = { input_tokens: inputTokens, cache_read_tokens, cache_write_tokens, output_tokens: outputTokens };
    const found = calcPrice(usage, modelId, { provider });
    if (found === null) return null;
    return {
      costMicros: roundUp(found.total_price * 1e6),
      price: { source: "genai-prices", perMillion: found.model_price },
    };
  };
};

/** Prices by canonical model id: the operator's first, then the published ones; `natter/demo` is free. */
export const createPriceOf = (operatorPrices: Readonly<Record<string, Price>>): PriceOf => {
  const quotes = new Map<string, Quote | null>([["natter/demo", fixedQuote({ input: 0, output: 0 })]]);
  for (const [id, price] of Object.entries(operatorPrices)) quotes.set(id, fixedQuote(price));
  const operators = quotes.size;
  return (id, usage) => {
    let quote = quotes.get(id);
    if (quote === undefined) {
      quote = publishedQuote(id);
      if (quotes.size < maxQuotes + operators) quotes.set(id, quote);
    }
    return quote === null ? null : quote(usage);
  };
};

/** So many that cents do not round away, and too few for the dearer tiers of long prompts. */
const sampleTokens = 100_000;

/** What a million tokens of a model cost at list price; null when that is not known. */
export const listPriceOf = (priceOf: PriceOf, id: string): ListPrice | null => {
  const input = priceOf(id, { inputTokens: sampleTokens, outputTokens: 0 });
  const output = priceOf(id, { inputTokens: 0, outputTokens: sampleTokens });
  if (input === null || output === null) return null;
  const times = 1_000_000 / sampleTokens;
  return { inputMicrosPerMillion: input.costMicros * times, outputMicrosPerMillion: output.costMicros * times };
};
