import { NatterError } from "../../foundation/errors.ts";
import type { Database } from "../../ports/database.ts";
import type { DefaultBudget } from "../../protocol/people/budget.ts";
import {
  chargeBudgets,
  seedSpending,
  type Charge,
  type Payer,
  type SpendingRow,
} from "../../store/money/budget-rows.ts";

/** What a server asks of budgets; where there is none, nothing is reserved and nothing refused. */
export interface BudgetPolicy {
  /** Those of the configuration; workspaces may have more. */
  readonly defaults: readonly DefaultBudget[];
}

/** What is set aside for the answer of a call before it is made. */
export interface Reservation {
  readonly policy: BudgetPolicy;
  /** Tokens that it may have, at most; see `reservedOutput`. */
  readonly outputTokens: number;
  /** The call was made already: it is counted and not refused. */
  readonly isMade?: true;
}

const mostReserved = 4_096;

/** Output that is reserved for a call which may say so much; undefined: as much as the model can. */
export const reservedOutput = (maxOutputTokens: number | null | undefined): number =>
  Math.min(maxOutputTokens ?? mostReserved, mostReserved);

const periods = { day: "today's", month: "this month's", total: "the whole" } as const;
const owners = { user: "your", workspace: "your workspace's", key: "this API key's" } as const;

const comesBack = ({ period, starts }: SpendingRow): string => {
  if (period === "total") return "an administrator can raise it";
  const next = new Date(starts);
  if (period === "day") next.setUTCDate(next.getUTCDate() + 1);
  else next.setUTCMonth(next.getUTCMonth() + 1);
  return `it begins anew on ${next.toISOString().slice(0, 10)} (UTC), or an administrator can raise it`;
};

const nameOf = ({ scope, period }: SpendingRow): string =>
  period === "total" ? `${owners[scope]} budget` : `${periods[period]} part of ${owners[scope]} budget`;

const refusalOf = (row: SpendingRow, isPriced: boolean): NatterError | null => {
  const { scope, period, limit_micros: micros, limit_tokens: tokens } = row;
  const details = { scope, period };
  if (micros !== null && !isPriced) {
    const message = "The price of this model is not known, and your budget is in money; choose another model.";
    return new NatterError("budget_exceeded", message, { details });
  }
  const isOver = (micros !== null && row.micros > micros) || (tokens !== null && row.tokens > tokens);
  if (!isOver) return null;
  const message = `There is not enough left of ${nameOf(row)} for this answer; ${comesBack(row)}.`;
  return new NatterError("budget_exceeded", message, { details });
};

const counted = async (
  database: Database,
  payer: Payer,
  policy: BudgetPolicy,
  charge: Charge,
): Promise<SpendingRow[]> => {
  const rows = await chargeBudgets(database, payer, policy.defaults, charge);
  const fresh = rows.filter((row) => row.is_new);
  if (fresh.length === 0) return rows;
  const seeded = await seedSpending(database, payer, fresh);
  return rows.map((row) => ({
    ...row,
    ...seeded.find(({ scope, period }) => scope === row.scope && period === row.period),
  }));
};

/**
 * Counts a charge whose entry is in the ledger already, in its transaction: until that ends, nobody else is let in by
 * the same room.
 * @returns why the call may not be made: `budget_exceeded`
 */
export const chargeOrRefuse = async (
  database: Database,
  payer: Payer,
  policy: BudgetPolicy,
  { isPriced, ...charge }: Charge & { readonly isPriced: boolean },
): Promise<NatterError | null> => {
  const rows = await counted(database, payer, policy, charge);
  for (const row of rows) {
    const refusal = refusalOf(row, isPriced);
    if (refusal !== null) return refusal;
  }
  return null;
};
