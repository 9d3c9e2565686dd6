import type { ModelCall } from "../../protocol/agent/model.ts";
import type { CallOptions, LanguageModelV4 } from "./language-model-v4.ts";
import { safeProviderOptions } from "./provider-options.ts";

type Sampling = Pick<CallOptions, "temperature" | "maxOutputTokens" | "topP" | "frequencyPenalty" | "presencePenalty">;

const samplingOf = ({ settings }: ModelCall): Sampling => {
  const { temperature, maxOutputTokens, topP, frequencyPenalty, presencePenalty } = settings;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(topP === undefined ? {} : { topP }),
    ...(frequencyPenalty === undefined ? {} : { frequencyPenalty }),
    ...(presencePenalty === undefined ? {} : { presencePenalty }),
  };
};

const toolsOf = ({ tools }: ModelCall): Pick<CallOptions, "tools"> =>
  tools.length === 0
    ? {}
    : {
        tools: tools.map(({ name, description, inputSchema }) => ({
          type: "function",
          name,
          inputSchema,
          ...(description === undefined ? {} : { description }),
        })),
      };

/** A call as AI SDK's models take it. Files given by URL are handed on as URLs: nothing is downloaded here. */
export const callOptions = async (
  call: ModelCall,
  model: LanguageModelV4,
  abortSignal: AbortSignal,
): Promise<CallOptions> => {
  // lazily: it costs 70 ms of start-up, and the lean readers and the demo do without
  const { convertToLanguageModelPrompt } = await import("ai/internal");
  const prompt = await convertToLanguageModelPrompt({
    prompt: { instructions: call.instructions || undefined, messages: [...call.messages] },
    supportedUrls: await model.supportedUrls,
    download: async (files) => files.map(() => null),
    provider: model.provider.split(".")[0] ?? model.provider,
  });
  const providerOptions = safeProviderOptions(call.settings.providerOptions);
  return { prompt, ...samplingOf(call), ...toolsOf(call), providerOptions, abortSignal };
};
