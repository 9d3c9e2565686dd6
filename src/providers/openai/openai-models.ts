/** A model of OpenAI by its name, as far as its name tells what it takes. */
export interface OpenAIModel {
  readonly isReasoning: boolean;
  /** Whether only OpenAI's Responses serve it, whatever is asked. */
  readonly needsResponses: boolean;
  /** Whether Chat Completions refuse it tools while it reasons. */
  readonly reasonsWithToolsInResponsesOnly: boolean;
  /** Whether it takes temperature and its like when `reasoning_effort` is `none`. */
  readonly canSkipReasoning: boolean;
}

const named = /^(?:ft:)?(?:o(?<series>\d)|gpt-(?<major>\d+)(?:\.(?<minor>\d+))?)(?:-(?<variant>.*))?$/;
const responsesOnly = /^(?:codex|computer-use)|-codex|-pro\b|deep-research/;
const optionalReasoning = /^gpt-6-(?:luna|sol)|^gpt-6\.1-terra/;

/** Reads a model's id, without a provider: `o3-mini`, `gpt-5.4-mini-2026-03-17`. */
export const readOpenAIModel = (modelId: string): OpenAIModel => {
  const { series, major = "0", minor, variant = "" } = named.exec(modelId)?.groups ?? {};
  const version = Number(major) * 100 + Number(minor ?? 0);
  const isChat = minor === undefined && variant.startsWith("chat");
  return {
    isReasoning: series !== undefined || (version >= 500 && !isChat),
    needsResponses: responsesOnly.test(modelId),
    reasonsWithToolsInResponsesOnly: version >= 506 && version < 600,
    canSkipReasoning: (version >= 501 && version < 600) || optionalReasoning.test(modelId),
  };
};
