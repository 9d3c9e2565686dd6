import type { Database } from "../ports/database.ts";
import type { CompletionKey } from "../ports/queue.ts";
import type { Part } from "../protocol/message/chunk.ts";
import type { ModelEnd, Usage } from "../protocol/agent/model.ts";
import type { ToolCall } from "../protocol/agent/tool.ts";
import {
  handOver as handOverRow,
  expireAllLeases,
  listCancelled as listCancelledRows,
  renewLeases,
} from "../store/completion/claims.ts";
import { endCompletion, type EndingJob, type EndingRow } from "../store/completion/ending.ts";
import { insertStep, saveSnapshot } from "../store/completion/step-rows.ts";
import type { FinishReason } from "../protocol/message/chunk.ts";
import type { PriceOf } from "./money/bill.ts";
import type { Claim, Lease } from "./claim.ts";
import { sources, transitions } from "./state.ts";

export { expireAllLeases };
export type { EndingJob };

export interface DoneStep {
  readonly step: number;
  readonly parts: readonly Part[];
  readonly calls: readonly ToolCall[];
  readonly end: ModelEnd;
  /** What the ledger takes: the provider's count, or an estimate where it gave none. */
  readonly usage: Usage;
}

const cachedBill = { costMicros: 0, price: null };

/** *Model done* (promise 4): from here on the model is never called again for this step. False: the claim is lost. */
export const recordModelDone = (database: Database, claim: Claim, done: DoneStep, priceOf: PriceOf): Promise<boolean> =>
  insertStep(
    database,
    claim,
    {
      step: done.step,
      parts: done.parts,
      calls: done.calls,
      finish_reason: done.end.finishReason,
      usage: done.end.usage ?? null,
      provider_metadata: done.end.providerMetadata,
    },
    {
      call: 1,
      usage: done.usage,
      bill: done.usage.cached === true ? cachedBill : priceOf(done.end.model ?? claim.model, done.usage),
      ...(done.end.model === undefined ? {} : { model: done.end.model }),
    },
  );

/** Keeps what was shown of the open step. False: the claim is lost. */
export const recordSnapshot = (
  database: Database,
  claim: Claim,
  step: number,
  parts: readonly Part[],
): Promise<boolean> => saveSnapshot(database, claim, { step, fence: claim.fence, parts });

/** How a claim ends its completion. */
export type Outcome =
  | { readonly event: "finish"; readonly finishReason: FinishReason; readonly jobs?: readonly EndingJob[] }
  | { readonly event: "stop" }
  | { readonly event: "fail"; readonly error: { readonly code: string; readonly message: string } };

/** Ends the completion. Undefined: the claim is lost. */
export const recordEnd = (
  database: Database,
  claim: Claim,
  outcome: Outcome,
  parts: readonly Part[],
): Promise<EndingRow | undefined> =>
  endCompletion(database, claim, {
    to: transitions.running[outcome.event] ?? "failed",
    from: sources(outcome.event),
    parts,
    jobs: outcome.event === "finish" ? (outcome.jobs ?? []) : [],
    finishReason: outcome.event === "finish" ? outcome.finishReason : null,
    error: outcome.event === "fail" ? outcome.error : null,
  });

/** Gives the completion back, without counting a crash. False: the claim is lost. */
export const recordHandOver = async (database: Database, claim: Claim): Promise<boolean> =>
  (await handOverRow(database, claim, claim.fence)).length === 1;

/** A completion that a worker still holds. */
export interface HeldCompletion extends CompletionKey {
  readonly fence: number;
  readonly isCancelled: boolean;
}

/** Prolongs the leases of a worker on what it works on. What is not answered is lost to it, or has ended. */
export const prolongLeases = async (
  database: Database,
  lease: Lease,
  completionIds: readonly string[],
): Promise<HeldCompletion[]> =>
  (await renewLeases(database, lease, completionIds)).map((row) => ({
    workspaceId: row.workspace_id,
    completionId: row.id,
    fence: row.fence,
    isCancelled: row.is_cancelled,
  }));

/** Completions of a worker that somebody asked to stop. */
export const listCancelled = async (database: Database, workerId: string): Promise<CompletionKey[]> =>
  (await listCancelledRows(database, workerId)).map((row) => ({ workspaceId: row.workspace_id, completionId: row.id }));
