import type { ModelCall } from "../../protocol/agent/model.ts";
import { safeProviderOptions } from "../ai-sdk/provider-options.ts";
import { compatibleDialect, type Dialect } from "./dialect.ts";
import { wireMessages } from "./messages.ts";

const definedOnly = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

const samplingOf = ({ settings }: ModelCall, { sampling }: Dialect): Record<string, unknown> => {
  if (sampling === "none") return {};
  const { temperature, topP: top_p, frequencyPenalty, presencePenalty } = settings;
  if (sampling === "temperature") return definedOnly({ temperature, top_p });
  return definedOnly({
    temperature,
    top_p,
    frequency_penalty: frequencyPenalty,
    presence_penalty: presencePenalty,
  });
};

/** Whose call it is: the provider's id names its options, the model's id is the provider's own. */
export interface CallTarget {
  readonly providerId: string;
  readonly modelId: string;
}

/** The dialect of a server for one of its models, asked with these options. */
export type DialectOf = (modelId: string, options: Readonly<Record<string, unknown>>) => Dialect;

/** The JSON body of a call. */
export const requestBody = (
  call: ModelCall,
  { providerId, modelId }: CallTarget,
  dialectOf: DialectOf = compatibleDialect,
): string => {
  const { settings, tools } = call;
  const options = safeProviderOptions(settings.providerOptions)[providerId] ?? {};
  const dialect = dialectOf(modelId, options);
  return JSON.stringify({
    ...samplingOf(call, dialect),
    ...(settings.maxOutputTokens === undefined ? {} : { [dialect.maxTokens]: settings.maxOutputTokens }),
    ...dialect.options(options),
    model: modelId,
    messages: wireMessages(call, providerId, dialect),
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
