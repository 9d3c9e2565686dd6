import type { Claim } from "../completions/claim.ts";
import type { ModelCall, ModelEnd, Usage } from "../protocol/agent/model.ts";
import type { Attributes, AttributeValue } from "../protocol/agent/telemetry.ts";
import type { ToolCall } from "../protocol/agent/tool.ts";
import { splitModelId } from "../providers/catalogue/model-id.ts";

/** Where the conventions know a provider by another name than Natter. */
const wellKnown: Readonly<Record<string, string>> = {
  azure: "azure.ai.openai",
  google: "gcp.gemini",
};

const providerName = (providerId: string): string =>
  (Object.hasOwn(wellKnown, providerId) ? wellKnown[providerId] : undefined) ?? providerId;

const present = (attributes: Readonly<Record<string, AttributeValue | undefined>>): Attributes =>
  Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined),
  );

const modelAttributes = (model: string) => {
  const { providerId, modelId } = splitModelId(model);
  return { "gen_ai.provider.name": providerName(providerId), "gen_ai.request.model": modelId };
};

/** Of a claim's span, `invoke_agent`. */
export const agentAttributes = (claim: Claim): Attributes => ({
  "gen_ai.operation.name": "invoke_agent",
  "gen_ai.agent.name": claim.agent,
  "gen_ai.conversation.id": claim.conversationId,
  ...modelAttributes(claim.model),
  "natter.completion.id": claim.completionId,
  "natter.workspace.id": claim.workspaceId,
  "natter.fence": claim.fence,
  "natter.take_over": claim.isTakeOver,
});

/** Of a model call's span, `chat`, when it begins. */
export const callAttributes = ({ model, settings }: ModelCall, step: number): Attributes => ({
  "gen_ai.operation.name": "chat",
  ...modelAttributes(model),
  ...present({
    "gen_ai.request.temperature": settings.temperature,
    "gen_ai.request.top_p": settings.topP,
    "gen_ai.request.max_tokens": settings.maxOutputTokens,
  }),
  "natter.step": step,
});

/** Of a model call's span when it has come to its end. */
export const endAttributes = (end: ModelEnd, usage: Usage): Attributes =>
  present({
    "gen_ai.response.model": end.model === undefined ? undefined : splitModelId(end.model).modelId,
    "gen_ai.response.finish_reasons": [end.finishReason],
    "gen_ai.usage.input_tokens": usage.inputTokens,
    "gen_ai.usage.output_tokens": usage.outputTokens,
    "gen_ai.usage.cache_read.input_tokens": usage.cacheReadTokens,
    "gen_ai.usage.cache_creation.input_tokens": usage.cacheWriteTokens,
    "natter.usage.estimated": usage.estimated,
  });

/** Of a tool call's span, `execute_tool`. */
export const toolAttributes = ({ tool, callId }: ToolCall): Attributes => ({
  "gen_ai.operation.name": "execute_tool",
  "gen_ai.tool.name": tool,
  "gen_ai.tool.call.id": callId,
  "gen_ai.tool.type": "function",
});
