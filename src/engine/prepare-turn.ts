import type { Claim } from "../completions/claim.ts";
import { NatterError } from "../foundation/errors.ts";
import { createContext } from "./context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import type { Recorder } from "./record.ts";
import { ClaimTurn } from "./turn.ts";

/** Gathers what a runner needs: the agent, its instructions, the window of the branch. */
export const prepareTurn = async (
  dependencies: EngineDependencies,
  claim: Claim,
  recorder: Recorder,
  signal: AbortSignal,
): Promise<ClaimTurn> => {
  const { agents, models } = dependencies;
  const agent = agents.get(claim.agent);
  if (agent === undefined)
    throw new NatterError("unprocessable", `The agent "${claim.agent}" is not configured any more.`);
  const { completionId: id, workspaceId, conversationId, messageId, userId, model } = claim;
  const completion = { id, workspaceId, conversationId, messageId, userId, model };
  const own = typeof agent.instructions === "function" ? await agent.instructions(completion) : agent.instructions;
  const limits = { messages: agent.contextMessages, tokens: models.contextTokens(model) };
  const { messages, systemTexts } = createContext(models, claim.branch, limits);
  const instructions = [own, claim.settings.instructions, ...systemTexts].filter(Boolean).join("\n\n") || undefined;
  return new ClaimTurn({ dependencies, claim, agent, completion, instructions, messages, recorder, signal });
};
