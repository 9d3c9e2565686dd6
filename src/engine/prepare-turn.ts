import { assistantMessages } from "../agents/model-messages.ts";
import { describeTools } from "../agents/tool-loop.ts";
import type { BranchMessage, BranchView, Claim } from "../completions/claim.ts";
import { NatterError } from "../foundation/errors.ts";
import { findFiles } from "./context/attached-files.ts";
import { chooseWindow } from "./summary/choose-window.ts";
import { tokensForMessages } from "./context/context-budget.ts";
import { createContext, systemTexts } from "./context/context.ts";
import type { EngineDependencies } from "./dependencies.ts";
import { describeFiles } from "./context/describe-files.ts";
import { loadFiles } from "./context/load-files.ts";
import type { TurnCompletion } from "../protocol/agent/turn.ts";
import type { ClaimObserver } from "./observer.ts";
import type { Recorder } from "./log/record.ts";
import { summaryDue } from "./summary/summary-due.ts";
import { ClaimTurn } from "./turn.ts";

/** The branch with its summaries, if this server makes any. */
const viewOf = (
  { givesSummaries = false }: EngineDependencies,
  { isWhole, earlier }: Claim,
  branch: readonly BranchMessage[],
): BranchView =>
  givesSummaries
    ? { branch, isWhole, earlier }
    : { branch: branch.map((message) => ({ ...message, summary: null })), isWhole, earlier: null };

const askedBy = ({ keyId, isRepeated }: Claim): Pick<TurnCompletion, "keyId" | "isRepeated"> => ({
  ...(keyId === null ? {} : { keyId }),
  ...(isRepeated ? { isRepeated } : {}),
});

/** Gathers what a runner needs: the agent, its instructions, the window of the branch with its files. */
export const prepareTurn = async (
  dependencies: EngineDependencies,
  { claim, observer }: { readonly claim: Claim; readonly observer: ClaimObserver },
  recorder: Recorder,
  signal: AbortSignal,
): Promise<ClaimTurn> => {
  const { agents, models } = dependencies;
  await agents.prepare?.(claim.agent);
  const agent = agents.get(claim.agent);
  if (agent === undefined)
    throw new NatterError("unprocessable", `The agent "${claim.agent}" is not configured any more.`);
  const { completionId: id, workspaceId, conversationId, messageId, userId, model } = claim;
  const completion = { id, workspaceId, conversationId, messageId, userId, model, ...askedBy(claim) };
  const context = await dependencies.contexts(completion, claim.around);
  const turn = { ...completion, completion, agent: claim.agent, settings: claim.settings, context };
  const own = typeof agent.instructions === "function" ? await agent.instructions(turn) : agent.instructions;
  const join = (more: readonly string[]): string | undefined =>
    [own, claim.settings.instructions, ...more].filter(Boolean).join("\n\n") || undefined;
  const results = assistantMessages(claim.results);
  const limits = {
    messages: claim.settings.contextMessages ?? agent.contextMessages,
    tokens: tokensForMessages(models, {
      info: models.describe(model),
      settings: { ...agent.settings, ...claim.settings },
      instructions: join(systemTexts(claim.branch)),
      besides: JSON.stringify([...describeTools(agent), ...results]),
    }),
  };
  const files = await findFiles(dependencies, claim, signal);
  const view = viewOf(dependencies, claim, await describeFiles(dependencies, claim, files));
  const window = chooseWindow(models, view, limits);
  const messages = await loadFiles(dependencies, [...createContext(window), ...results], files);
  return new ClaimTurn({
    dependencies,
    claim,
    observer,
    agent,
    completion,
    context,
    instructions: join(window.instructions),
    messages,
    summaryDue: (parts) =>
      summaryDue(models, { branch: view.branch, answer: { id: messageId, parts }, window, limits }),
    recorder,
    signal,
  });
};
