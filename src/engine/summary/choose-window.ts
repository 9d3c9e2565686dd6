import type { BranchMessage, BranchView, PathSummary } from "../../completions/claim.ts";
import { estimateBranch, systemTexts, windowOf, type Estimator, type WindowLimits } from "../context/context.ts";

/** What a model is shown of a branch. */
export interface ContextWindow {
  /** Shown as they are; system messages are among the instructions instead. */
  readonly messages: readonly BranchMessage[];
  /** Shown in place of what is not; null: nothing fell out, or nothing stands for it. */
  readonly summary: PathSummary | null;
  /** Whether there are messages that neither the window nor the summary holds; they are before the window. */
  readonly isMissing: boolean;
  /** Texts of system messages, oldest first, also of those that fell out. */
  readonly instructions: readonly string[];
}

interface Candidate {
  readonly summary: PathSummary;
  readonly rest: readonly BranchMessage[];
}

const candidatesOf = ({ branch, earlier }: BranchView): Candidate[] => {
  const summaries = [earlier, ...branch.map(({ summary = null }) => summary)];
  return summaries.flatMap((summary, begin) =>
    summary === null || begin >= branch.length ? [] : [{ summary, rest: branch.slice(begin) }],
  );
};

const withoutSystem = (branch: readonly BranchMessage[]): BranchMessage[] =>
  branch.filter(({ role }) => role !== "system");

const roomBeside = (models: Estimator, { text, instructions }: PathSummary, limits: WindowLimits): WindowLimits => ({
  messages: limits.messages,
  tokens:
    limits.tokens === null ? null : limits.tokens - models.estimateTokens(text) - models.estimateTokens(instructions),
});

const fits = (models: Estimator, messages: readonly BranchMessage[], limits: WindowLimits): boolean =>
  messages.length > 0 &&
  messages.length <= limits.messages &&
  (limits.tokens === null || estimateBranch(models, messages) <= limits.tokens);

const beside = (
  messages: readonly BranchMessage[],
  { summary, rest }: Candidate,
  isMissing: boolean,
): ContextWindow => ({
  messages,
  summary,
  isMissing,
  instructions: [summary.instructions, ...systemTexts(rest)].filter((text) => text !== ""),
});

/**
 * The whole branch if it fits. Otherwise the summary of its beginning and everything after that, by the oldest summary
 * that leaves little enough: so the window's beginning stands still for many turns, and providers find what they have
 * cached. If none leaves little enough, the newest, with a gap; if there is none, the end of the branch that fits (C7).
 */
export const chooseWindow = (models: Estimator, view: BranchView, limits: WindowLimits): ContextWindow => {
  const told = withoutSystem(view.branch);
  const plain = windowOf(models, told, limits);
  const isAll = view.isWhole && plain.length === told.length;
  const candidates = isAll ? [] : candidatesOf(view);
  for (const candidate of candidates) {
    const messages = withoutSystem(candidate.rest);
    if (fits(models, messages, roomBeside(models, candidate.summary, limits)))
      return beside(messages, candidate, false);
  }
  const newest = candidates.at(-1);
  if (newest === undefined) {
    const instructions = systemTexts(view.branch);
    return { messages: plain, summary: null, isMissing: !isAll, instructions };
  }
  const end = windowOf(models, withoutSystem(newest.rest), roomBeside(models, newest.summary, limits));
  return beside(end, newest, end.length < withoutSystem(newest.rest).length);
};
