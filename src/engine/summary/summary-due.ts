import type { BranchMessage } from "../../completions/claim.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { ContextWindow } from "./choose-window.ts";
import { estimateBranch, type Estimator, type WindowLimits } from "../context/context.ts";

/** Beyond this part of its tokens a window is taken to be too small for the next question. */
const nearlyFull = 0.75;
/** What a summary leaves of a window, so that the next one is not due at once. */
const kept = 0.5;
/** A question, its answer, and the next question. */
const leastKept = 3;

export interface AnsweredBranch {
  /** Oldest first, ending with the question. */
  readonly branch: readonly BranchMessage[];
  readonly answer: { readonly id: string; readonly parts: readonly Part[] };
  readonly window: Pick<ContextWindow, "messages" | "isMissing">;
  readonly limits: WindowLimits;
}

const within = (tokens: number, limit: number | null, part: number): boolean =>
  limit === null || tokens <= limit * part;

/** Index of the first message that goes on being shown: where a person begins to speak, or the end. */
const findKept = (models: Estimator, messages: readonly BranchMessage[], { messages: most, tokens }: WindowLimits) => {
  const begins = messages.flatMap(({ role }, index) => (role === "user" ? [index] : []));
  const count = Math.min(most, Math.max(leastKept, Math.floor(most * kept)));
  const isKept = (begin: number, limit: number, part: number): boolean => {
    const rest = messages.slice(begin);
    return rest.length + 1 <= limit && within(estimateBranch(models, rest), tokens, part);
  };
  const begin = begins.find((index) => isKept(index, count, kept));
  if (begin !== undefined) return begin;
  const last = begins.at(-1);
  return last !== undefined && isKept(last, most, nearlyFull) ? last : messages.length;
};

/**
 * The last message of a branch that should be summarised before its next question comes, when that may not fit any more;
 * null: everything that will be shown fits, or is summarised.
 */
export const summaryDue = (models: Estimator, { branch, answer, window, limits }: AnsweredBranch): string | null => {
  const told = [...branch.filter(({ role }) => role !== "system"), { ...answer, role: "assistant" as const }];
  const shown = told.slice(told.length - 1 - window.messages.length);
  const isFull =
    shown.length + 1 > limits.messages || !within(estimateBranch(models, shown), limits.tokens, nearlyFull);
  if (!isFull && !window.isMissing) return null;
  const begin = findKept(models, told, limits);
  const isKnown = !window.isMissing && begin <= told.length - shown.length;
  return isKnown ? null : (told[begin - 1]?.id ?? null);
};
