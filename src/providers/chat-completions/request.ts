import type { ModelCall } from "../../protocol/model.ts";
import { safeProviderOptions } from "../provider-options.ts";
import { wireMessages } from "./messages.ts";

/** OpenAI's reasoning models refuse `max_tokens`; older servers know nothing else. */
const takesCompletionTokens = /(^|\/)(o\d|gpt-5)/;

const definedOnly = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** The JSON body of a call. `modelId` is the provider's own; `providerId` names its options. */
export const requestBody = (
  call: ModelCall,
  { providerId, modelId }: { providerId: string; modelId: string },
): string => {
  const { settings, tools } = call;
  const maxTokens = takesCompletionTokens.test(modelId) ? "max_completion_tokens" : "max_tokens";
  return JSON.stringify({
    ...definedOnly({
      temperature: settings.temperature,
      top_p: settings.topP,
      frequency_penalty: settings.frequencyPenalty,
      presence_penalty: settings.presencePenalty,
      [maxTokens]: settings.maxOutputTokens,
    }),
    ...safeProviderOptions(settings.providerOptions)[providerId],
    model: modelId,
    messages: wireMessages(call.instructions, call.messages, providerId),
    ...(tools.length === 0
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: "function",
            function: { name, ...(description === undefined ? {} : { description }), parameters: inputSchema },
          })),
        }),
    stream: true,
    stream_options: { include_usage: true },
  });
};
