import type { Database } from "../ports/database.ts";
import type { Part } from "../protocol/chunk.ts";
import type { Usage } from "../protocol/model.ts";
import { openUsage, settling } from "../store/usage-rows.ts";
import type { PriceOf } from "./bill.ts";
import type { Claim } from "./claim.ts";
import { estimateOutput } from "./ledger.ts";

/** A model call that a framework makes by itself, the `number`th of this claim. */
export interface ForeignCall {
  readonly number: number;
  readonly model: string;
  readonly inputTokens: number;
}

/** Opens the ledger entry of a call before it is made. The claim has opened one for the first call of a completion. */
export const openForeignCall = (
  database: Database,
  claim: Claim,
  { number, model, inputTokens }: ForeignCall,
  priceOf: PriceOf,
): Promise<unknown> =>
  openUsage(database, {
    workspaceId: claim.workspaceId,
    completionId: claim.completionId,
    step: number,
    fence: claim.fence,
    call: 1,
    conversationId: claim.conversationId,
    userId: claim.userId,
    model,
    inputTokens,
    bill: priceOf(model, { inputTokens, outputTokens: 0 }),
  });

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
