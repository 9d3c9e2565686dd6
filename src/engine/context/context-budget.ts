import type { ModelInfo } from "../../protocol/agent/model.ts";
import type { Settings } from "../../protocol/settings.ts";
import type { Estimator } from "./context.ts";

/** Kept free of every context, because tokens are counted by estimate. */
const margin = 0.1;
/** An answer may need no more than this part of a context, whatever the model could say. */
const mostForAnswer = 0.25;
const usualAnswer = 4_096;

export interface ContextUse {
  readonly info: Pick<ModelInfo, "contextTokens" | "maxOutputTokens">;
  readonly settings: Settings;
  readonly instructions: string | undefined;
  /** What is sent besides: the tools' descriptions, results of background tools. */
  readonly besides: string;
}

/** Tokens that a model's context leaves for the messages, besides instructions, tools and the answer; null: not known. */
export const tokensForMessages = (
  models: Estimator,
  { info, settings, instructions, besides }: ContextUse,
): number | null => {
  if (info.contextTokens === null) return null;
  const wanted = settings.maxOutputTokens ?? info.maxOutputTokens ?? usualAnswer;
  const answer = Math.min(wanted, info.contextTokens * mostForAnswer);
  const fixed = models.estimateTokens(instructions ?? "") + models.estimateTokens(besides);
  return Math.max(0, Math.floor(info.contextTokens * (1 - margin) - answer - fixed));
};
