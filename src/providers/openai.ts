import type { ModelCall, ModelDriver } from "../protocol/agent/model.ts";
import type { BuiltInOptions } from "./built-in-options.ts";
import { bearer, createChatDriver } from "./chat-driver.ts";
import { endpointUrl } from "./exchange/http-driver.ts";
import { createLanguageModelDriver } from "./ai-sdk/language-model.ts";
import { createLazyDriver } from "./lazy-driver.ts";
import { splitModelId } from "./catalogue/model-id.ts";
import { openaiDialect } from "./openai/openai-dialect.ts";
import { readOpenAIModel } from "./openai/openai-models.ts";
import { openaiOptions } from "./openai/openai-options.ts";
import { withOptions } from "./ai-sdk/provider-options.ts";

const optionsOf = ({ settings }: ModelCall) => openaiOptions(settings.providerOptions?.["openai"] ?? {});

/** Whether only Responses can answer a call: by its model, because a summary of the reasoning is asked for, or for its tools. */
const needsResponses = (call: ModelCall): boolean => {
  const model = readOpenAIModel(splitModelId(call.model).modelId);
  const { reasoning_effort: effort, reasoning_summary: summary } = optionsOf(call);
  const reasonsWithTools = call.tools.length > 0 && effort !== "none";
  return (
    model.needsResponses ||
    (model.isReasoning && summary !== undefined && summary !== null) ||
    (model.reasonsWithToolsInResponsesOnly && reasonsWithTools)
  );
};

const definedOnly = (values: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Nothing is stored at OpenAI: what it forgets after 30 days could not be continued. Reasoning comes back encrypted. */
const responsesCall = (call: ModelCall): ModelCall => {
  const options = optionsOf(call);
  const known = {
    reasoningEffort: options["reasoning_effort"],
    reasoningSummary: options["reasoning_summary"],
    textVerbosity: options["verbosity"],
    parallelToolCalls: options["parallel_tool_calls"],
    serviceTier: options["service_tier"],
    promptCacheKey: options["prompt_cache_key"],
    safetyIdentifier: options["safety_identifier"],
    user: options["user"],
  };
  return withOptions(call, "openai", { ...definedOnly(known), store: false });
};

const createResponsesDriver = (baseUrl: string, { apiKey, headers, stallSeconds }: BuiltInOptions): ModelDriver =>
  createLazyDriver("@ai-sdk/openai", async () => {
    const { createOpenAI } = await import("@ai-sdk/openai");
    // an empty key: without any it would read the environment's, which may not be meant for this address
    const openai = createOpenAI({
      apiKey: apiKey ?? "",
      baseURL: baseUrl,
      ...(headers === undefined ? {} : { headers }),
    });
    return createLanguageModelDriver((modelId) => openai.responses(modelId), { stallSeconds });
  });

/**
 * OpenAI: Chat Completions where they can answer, else Responses.
 * @throws TypeError when `baseUrl` is no URL
 */
export const createOpenAIDriver = (options: BuiltInOptions): ModelDriver => {
  const { baseUrl = "https://api.openai.com/v1", apiKey, headers, stallSeconds } = options;
  const url = endpointUrl(baseUrl, "chat/completions");
  const responses = createResponsesDriver(baseUrl, options);
  const chat = createChatDriver({
    urlOf: () => url,
    headers: { ...bearer(apiKey), ...headers },
    stallSeconds,
    dialectOf: openaiDialect,
  });
  return {
    stream: (call, signal, sink) =>
      needsResponses(call) ? responses.stream(responsesCall(call), signal, sink) : chat.stream(call, signal, sink),
  };
};
