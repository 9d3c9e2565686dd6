import type { Usage } from "../../protocol/agent/model.ts";

/** Prices a call; null when the model's price is not known. Set by the composition root from the catalogue. */
export type PriceOf = (model: string, usage: Usage) => { readonly costMicros: number; readonly price: unknown } | null;
