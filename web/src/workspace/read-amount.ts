const plain = /^(\d+)(?:[.,](\d+))?$/;
const grouped = /^\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d+)?$/;
const most = 1e15;

/** Why something that was typed is no amount; `isGrouped`: nobody can say whether `100,000` is a hundred. */
export type AmountProblem = "isNoNumber" | "isGrouped" | "isTooFine" | "isTooLarge";

/**
 * An amount as somebody types it, with a point or a comma before its decimals, counted in units of the last of
 * `decimals`; null: nothing is said.
 */
export const readAmount = (typed: string, decimals: number): number | AmountProblem | null => {
  const text = typed.trim();
  if (text === "") return null;
  // no group begins with a zero: 0,125 is read in one way only
  if (grouped.test(text) && !text.startsWith("0")) return "isGrouped";
  const [, whole, fraction = ""] = plain.exec(text) ?? [];
  if (whole === undefined) return "isNoNumber";
  if (fraction.length > decimals) return "isTooFine";
  const amount = Number(whole + fraction.padEnd(decimals, "0"));
  return amount > most ? "isTooLarge" : amount;
};
