import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import { settling } from "../../store/money/usage-rows.ts";
import type { PriceOf } from "./bill.ts";
import type { Claim } from "../claim.ts";
import type { Reservation } from "./budgets.ts";
import { entryOf, estimateOutput } from "./ledger.ts";
import { openEntryOrThrow } from "./open-entry.ts";

/** A model call that a framework makes by itself, the `number`th of this claim. */
export interface ForeignCall {
  readonly number: number;
  readonly model: string;
  readonly inputTokens: number;
  /** Absent: no budget is looked at. */
  readonly reserve?: Reservation | undefined;
}

/**
 * Opens the ledger entry of a call before it is made. The claim has opened one for the first call of a completion.
 * @throws NatterError `budget_exceeded`
 */
export const openForeignCall = (
  database: Database,
  claim: Claim,
  { number, ...opening }: ForeignCall,
  priceOf: PriceOf,
): Promise<void> => openEntryOrThrow(database, { ...entryOf(claim), ...opening, step: number }, priceOf);

/** Says what a call has used: exactly, or by an estimate that says so. */
export const settleForeignCall = (
  database: Database,
  claim: Claim,
  { number, model, usage }: Pick<ForeignCall, "number" | "model"> & { readonly usage: Usage },
  priceOf: PriceOf,
): Promise<unknown> => database.query(settling(claim, number, { call: 1, usage, model, bill: priceOf(model, usage) }));

/** What an answer was by estimate, where nobody counted. */
export const estimateForeign = (inputTokens: number, parts: readonly Part[]): Usage => ({
  inputTokens,
  outputTokens: estimateOutput(parts),
  estimated: true,
});
