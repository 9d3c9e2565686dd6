import type { Database } from "../../ports/database.ts";
import type { CompletionKey } from "../../ports/queue.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import { openSideUsage, settleSideUsage } from "../../store/money/side-usage-rows.ts";
import type { PriceOf } from "./bill.ts";
import { chargeOrRefuse, type Reservation } from "./budgets.ts";
import { estimateEntry } from "./open-entry.ts";

/** Numbers of the ledger's calls that are not the answer's own. */
const callNumbers = { title: 2, summary: 3, guard: 4 } as const;

export interface SideCall extends CompletionKey {
  readonly kind: keyof typeof callNumbers;
  readonly conversationId: string;
  /** Who pays. */
  readonly userId: string;
  readonly model: string;
  readonly inputTokens: number;
  /** Absent: no budget is looked at. */
  readonly reserve?: Reservation | undefined;
}

/** A call whose entry is open, known by its number among those of its kind. */
export interface OpenSideCall extends SideCall {
  readonly fence: number;
}

/** Opens the ledger entry of a model call that belongs to a completion but is no step of it; before the call is made (promise 7). @throws NatterError `budget_exceeded` */
export const openSideCall = async (database: Database, call: SideCall, priceOf: PriceOf): Promise<OpenSideCall> => {
  const { reserve } = call;
  const estimate = estimateEntry(call, priceOf);
  const { bill, hold } = estimate;
  const number = callNumbers[call.kind];
  const open = async (): Promise<OpenSideCall> => {
    const { fence, key_id: keyId } = await openSideUsage(database, { ...call, step: 0, call: number, bill, hold });
    if (reserve === undefined) return { ...call, fence };
    const refusal = await chargeOrRefuse(database, { ...call, keyId }, reserve.policy, estimate);
    if (refusal !== null) throw refusal;
    return { ...call, fence };
  };
  return reserve === undefined ? open() : database.transaction(open);
};

/** Makes the entry exact. */
export const settleSideCall = (
  database: Database,
  call: OpenSideCall,
  usage: Usage,
  priceOf: PriceOf,
): Promise<unknown> =>
  settleSideUsage(database, call, { call: callNumbers[call.kind], usage, bill: priceOf(call.model, usage) });
