import type { ClaimOptions } from "../../completions/claim.ts";
import { estimateBranch } from "../context/context.ts";
import type { EngineDependencies } from "../dependencies.ts";
import { reservationOf } from "./reservation.ts";

const reserving = (
  agents: EngineDependencies["agents"],
  models: EngineDependencies["models"],
): Pick<ClaimOptions, "reserve"> => {
  const { budgets: policy } = models;
  if (policy === undefined) return {};
  return {
    reserve: ({ agent, model, settings }) =>
      reservationOf(models, policy, { model, settings: { ...agents.get(agent)?.settings, ...settings } }),
  };
};

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
  ...reserving(agents, models),
});
