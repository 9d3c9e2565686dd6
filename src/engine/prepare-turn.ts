import { describeTools } from "../agents/tool-loop.ts";
import type { Claim } from "../completions/claim.ts";
import { NatterError } from "../foundation/errors.ts";
import { findFiles } from "./attached-files.ts";
import { tokensForMessages } from "./context-budget.ts";
import { createContext, systemTexts } from "./context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { describeFiles } from "./describe-files.ts";
import { loadFiles } from "./load-files.ts";
import type { ClaimObserver } from "./observer.ts";
import type { Recorder } from "./record.ts";
import { ClaimTurn } from "./turn.ts";

/** Gathers what a runner needs: the agent, its instructions, the window of the branch with its files. */
export const prepareTurn = async (
  dependencies: EngineDependencies,
  { claim, observer }: { readonly claim: Claim; readonly observer: ClaimObserver },
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
  const instructions =
    [own, claim.settings.instructions, ...systemTexts(claim.branch)].filter(Boolean).join("\n\n") || undefined;
  const tokens = tokensForMessages(models, {
    info: models.describe(model),
    settings: { ...agent.settings, ...claim.settings },
    instructions,
    tools: JSON.stringify(describeTools(agent)),
  });
  const files = await findFiles(dependencies, claim, signal);
  const branch = await describeFiles(dependencies, claim, files);
  const context = createContext(models, branch, {
    messages: claim.settings.contextMessages ?? agent.contextMessages,
    tokens,
  });
  const messages = await loadFiles(dependencies, context, files);
  return new ClaimTurn({ dependencies, claim, observer, agent, completion, instructions, messages, recorder, signal });
};
