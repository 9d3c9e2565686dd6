import type { Database } from "../../ports/database.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { CompletionRow } from "../../store/completion/completion-rows.ts";
import { estimateUsage, listOpenUsage, voidUsage } from "../../store/money/usage-rows.ts";
import type { PriceOf } from "./bill.ts";
import type { Claim } from "../claim.ts";
import { openEntryOrThrow, type Entry } from "./open-entry.ts";

/** Characters per token, roughly, over the languages and code that people write; for estimates only. */
const charactersPerToken = 4;

/** Output tokens that these parts were, by estimate. */
export const estimateOutput = (parts: readonly Part[]): number => {
  let characters = 0;
  for (const part of parts) {
    if (part.type === "text" || part.type === "reasoning") characters += part.text.length;
    else if ("input" in part) characters += JSON.stringify(part.input ?? "").length;
  }
  return Math.ceil(characters / charactersPerToken);
};

/** What the entries of a claim have in common. */
export const entryOf = (claim: Claim): Omit<Entry, "step" | "inputTokens"> => ({
  workspaceId: claim.workspaceId,
  completionId: claim.completionId,
  fence: claim.fence,
  call: 1,
  conversationId: claim.conversationId,
  userId: claim.userId,
  keyId: claim.keyId,
  model: claim.model,
});

/**
 * Opens the ledger entry of a model call that is not the claim's first.
 * @throws NatterError `budget_exceeded`
 */
export const openCall = (
  database: Database,
  claim: Claim,
  { step, ...opening }: Pick<Entry, "step" | "inputTokens" | "reserve">,
  priceOf: PriceOf,
): Promise<void> => openEntryOrThrow(database, { ...entryOf(claim), ...opening, step }, priceOf);

/** The claim ended before it called the model at all. */
export const voidUnusedCall = (database: Database, claim: Claim): Promise<unknown> => voidUsage(database, claim);

/** A call that was stopped keeps its estimate, with what was shown of it (promise 7). */
export const estimateStoppedCall = async (
  database: Database,
  claim: Claim,
  { step, parts }: { readonly step: number; readonly parts: readonly Part[] },
  priceOf: PriceOf,
): Promise<void> => {
  const open = (await listOpenUsage(database, claim)).find(
    (entry) => entry.step === step && entry.fence === claim.fence,
  );
  if (open === undefined) return;
  const usage = { inputTokens: open.input_tokens, outputTokens: estimateOutput(parts) };
  await estimateUsage(
    database,
    { workspaceId: claim.workspaceId, completionId: claim.completionId, ...open },
    usage.outputTokens,
    priceOf(open.model, usage),
  );
};

/** Calls whose worker died keep their estimate, with what its last snapshot shows of them. */
export const estimateCrashedCalls = async (database: Database, row: CompletionRow, priceOf: PriceOf): Promise<void> => {
  const { snapshot } = row;
  if (snapshot === null) return;
  const key = { workspaceId: row.workspace_id, completionId: row.id };
  for (const open of await listOpenUsage(database, key)) {
    if (open.step !== snapshot.step || open.fence !== snapshot.fence) continue;
    const usage = { inputTokens: open.input_tokens, outputTokens: estimateOutput(snapshot.parts) };
    await estimateUsage(database, { ...key, ...open }, usage.outputTokens, priceOf(open.model, usage));
  }
};
