import { openSideCall, settleSideCall, type SideCall } from "../../completions/money/side-calls.ts";
import type { Database } from "../../ports/database.ts";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { estimateCall } from "../context/context.ts";
import type { EngineModels } from "../dependencies.ts";
import { reserveFor } from "../claim/reservation.ts";

export interface SideQuestion {
  /** Whose ledger it is in, and as what. */
  readonly bill: Omit<SideCall, "model" | "inputTokens">;
  readonly call: ModelCall;
  /** Milliseconds to wait for the whole answer. */
  readonly patience: number;
}

/** Asks a model beside the path of answers, with a ledger entry of its own, opened before and made exact after. Answers the text. */
export const askModel = async (
  { database, models }: { readonly database: Database; readonly models: EngineModels },
  { bill, call, patience }: SideQuestion,
  signal: AbortSignal,
): Promise<string> => {
  const entry = { ...bill, model: call.model, inputTokens: estimateCall(models, call), ...reserveFor(models, call) };
  const open = await openSideCall(database, entry, models.priceOf);
  let said = "";
  const end = await models
    .driver(call.model)
    .stream(call, AbortSignal.any([signal, AbortSignal.timeout(patience)]), (events) => {
      for (const event of events) if (event.type === "text") said += event.delta;
    });
  const outputTokens = models.estimateTokens(said);
  const usage = end.usage ?? { inputTokens: open.inputTokens, outputTokens, estimated: true };
  await settleSideCall(database, open, usage, models.priceOf);
  return said;
};
