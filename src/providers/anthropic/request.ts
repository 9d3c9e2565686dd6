import type { ModelCall } from "../../protocol/agent/model.ts";
import { describeModel } from "../catalogue/catalogue.ts";
import { splitModelId } from "../catalogue/model-id.ts";
import { systemText, wireMessages } from "./messages.ts";
import { anthropicOptions, type AnthropicOptions } from "./options.ts";

/** What is asked for when neither the conversation nor the catalogue says how long an answer may be. */
const defaultMaxTokens = 4096;

const generation = /claude-[a-z]+-(\d+)(?:-(\d{1,2}))?(?!\d)/;

/** From Claude Opus 4.7 on, temperature and top_p are refused. */
const takesSampling = (modelId: string): boolean => {
  const [, major, minor] = generation.exec(modelId) ?? [];
  return major === undefined || Number(major) * 100 + Number(minor ?? 0) < 407;
};

/** Both at once, or either beside thinking, are refused; temperature ends at 1. */
const samplingOf = ({ settings }: ModelCall, modelId: string, { isThinking }: AnthropicOptions): object => {
  const { temperature, topP } = settings;
  if (isThinking || !takesSampling(modelId)) return {};
  if (temperature !== undefined) return { temperature: Math.min(1, temperature) };
  return topP === undefined ? {} : { top_p: topP };
};

const maxTokensOf = ({ model, settings }: ModelCall, { thinkingTokens }: AnthropicOptions): number => {
  const limit = describeModel(model).maxOutputTokens;
  const wanted = (settings.maxOutputTokens ?? limit ?? defaultMaxTokens) + thinkingTokens;
  return limit === null ? wanted : Math.min(wanted, limit);
};

/**
 * The JSON body of a call of Anthropic's Messages.
 * @throws NatterError `provider_refused` for a file that the wire format has no place for
 */
export const requestBody = (call: ModelCall): string => {
  const { modelId } = splitModelId(call.model);
  const { settings, tools } = call;
  const options = anthropicOptions(settings, tools.length > 0);
  const system = systemText(call);
  return JSON.stringify({
    ...samplingOf(call, modelId, options),
    ...options.fields,
    model: modelId,
    max_tokens: maxTokensOf(call, options),
    ...(system === "" ? {} : { system }),
    messages: wireMessages(call),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            name,
            ...(description === undefined ? {} : { description }),
            input_schema: inputSchema,
          })),
        }),
    stream: true,
  });
};
