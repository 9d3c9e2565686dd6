import type { Dialect } from "../chat-completions/dialect.ts";
import type { DialectOf } from "../chat-completions/request.ts";
import { readOpenAIModel } from "./openai-models.ts";
import { openaiOptions } from "./openai-options.ts";

type Options = Readonly<Record<string, unknown>>;

const chatOptions = (options: Options): Options => {
  const { reasoning_summary: _onlyInResponses, ...rest } = openaiOptions(options);
  return rest;
};

const thinkingOptions = (options: Options): Options => {
  const { logit_bias: _refused, ...rest } = chatOptions(options);
  return rest;
};

const samplingOf = (isReasoning: boolean, isThinking: boolean): Dialect["sampling"] => {
  if (isThinking) return "none";
  return isReasoning ? "temperature" : "all";
};

/**
 * Chat Completions as OpenAI itself takes them. A reasoning model refuses temperature and its like, except one that is
 * told not to reason; nobody takes reasoning back.
 */
export const openaiDialect: DialectOf = (modelId, options) => {
  const { isReasoning, canSkipReasoning } = readOpenAIModel(modelId);
  const isThinking = isReasoning && !(canSkipReasoning && openaiOptions(options)["reasoning_effort"] === "none");
  return {
    instructionsRole: isReasoning ? "developer" : "system",
    maxTokens: isReasoning ? "max_completion_tokens" : "max_tokens",
    sampling: samplingOf(isReasoning, isThinking),
    reasoning: null,
    reasoningOf: "all",
    options: isThinking ? thinkingOptions : chatOptions,
  };
};
