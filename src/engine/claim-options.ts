import type { ClaimOptions } from "../completions/claim.ts";
import { estimateBranch } from "./context.ts";
import type { EngineDependencies } from "./dependencies.ts";

/** What a claim asks of the engine: how far an agent looks back, and what its first call will cost. */
export const createClaimOptions = ({
  workerId,
  leaseSeconds,
  runningPerUser,
  agents,
  models,
}: EngineDependencies): ClaimOptions => ({
  lease: { workerId, seconds: leaseSeconds, runningPerUser },
  contextMessages: ({ agent, settings }) => settings.contextMessages ?? agents.get(agent)?.contextMessages ?? 1,
  estimateInput: ({ agent, settings }, branch) => {
    const own = agents.get(agent)?.instructions;
    const instructions = `${typeof own === "string" ? own : ""}${settings.instructions ?? ""}`;
    return estimateBranch(models, branch) + models.estimateTokens(instructions);
  },
  priceOf: models.priceOf,
});
