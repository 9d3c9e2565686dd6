import type { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import { openUsage, refuseUsage, type UsageOpening } from "../../store/money/usage-rows.ts";
import type { PriceOf } from "./bill.ts";
import { chargeOrRefuse, type Reservation } from "./budgets.ts";

/** A call that is about to be made. */
export interface Entry extends Omit<UsageOpening, "bill" | "hold"> {
  /** Absent: no budget is looked at. */
  readonly reserve?: Reservation | undefined;
}

interface Estimate extends Pick<UsageOpening, "bill" | "hold"> {
  readonly isPriced: boolean;
  readonly tokens: number;
  readonly micros: number;
}

/** What a call is opened with: its input as counted, its output as held back. */
export const estimateEntry = (
  { model, inputTokens, reserve }: Pick<Entry, "model" | "inputTokens" | "reserve">,
  priceOf: PriceOf,
): Estimate => {
  const bill = priceOf(model, { inputTokens, outputTokens: 0 });
  const outputTokens = reserve?.outputTokens ?? 0;
  const whole = priceOf(model, { inputTokens, outputTokens })?.costMicros ?? 0;
  const hold = { tokens: outputTokens, micros: Math.max(0, whole - (bill?.costMicros ?? 0)) };
  return {
    bill,
    hold: reserve === undefined ? null : hold,
    isPriced: bill !== null,
    tokens: inputTokens + hold.tokens,
    micros: (bill?.costMicros ?? 0) + hold.micros,
  };
};

/**
 * Opens the ledger entry of a call and reserves what it may cost, in the caller's transaction. May be repeated.
 * @returns why a budget has no room for it; the entry says then that nothing was paid
 */
export const openEntry = async (database: Database, entry: Entry, priceOf: PriceOf): Promise<NatterError | null> => {
  const { reserve } = entry;
  const estimate = estimateEntry(entry, priceOf);
  const opening = { ...entry, bill: estimate.bill, hold: estimate.hold };
  const isNew = await openUsage(database, opening);
  if (reserve === undefined || !isNew) return null;
  const refusal = await chargeOrRefuse(database, entry, reserve.policy, estimate);
  if (refusal === null || reserve.isMade === true) return null;
  await refuseUsage(database, opening);
  return refusal;
};

/**
 * The same in a transaction of its own, where there is a budget to look at.
 * @throws NatterError `budget_exceeded`
 */
export const openEntryOrThrow = async (database: Database, entry: Entry, priceOf: PriceOf): Promise<void> => {
  const refusal = await (entry.reserve === undefined
    ? openEntry(database, entry, priceOf)
    : database.transaction(() => openEntry(database, entry, priceOf)));
  if (refusal !== null) throw refusal;
};
