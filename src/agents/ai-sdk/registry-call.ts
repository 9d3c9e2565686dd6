import type { LanguageModelV4, ModelCall, ModelMessage } from "../../protocol/agent/model.ts";
import { settingsSchema, type Settings } from "../../protocol/settings.ts";
import type { Turn } from "../../protocol/agent/turn.ts";

export type CallOptions = Parameters<LanguageModelV4["doStream"]>[0];

export type Warning = Extract<StreamPart, { type: "stream-start" }>["warnings"][number];

type Stream = Awaited<ReturnType<LanguageModelV4["doStream"]>>["stream"];

export type StreamPart = Stream extends ReadableStream<infer Part> ? Part : never;

const sampling = ["temperature", "maxOutputTokens", "topP", "frequencyPenalty", "presencePenalty", "providerOptions"];

/** What the framework asks for wins over the conversation's settings, within their bounds. */
const settingsOf = (own: Settings, options: CallOptions): Settings => {
  const asked = Object.entries(options).filter(([name, value]) => sampling.includes(name) && value !== undefined);
  const parsed = settingsSchema.safeParse(Object.fromEntries(asked));
  return parsed.success ? { ...own, ...parsed.data } : own;
};

const toolsOf = ({ tools = [] }: CallOptions): ModelCall["tools"] =>
  tools.flatMap((tool) =>
    tool.type === "function"
      ? [
          {
            name: tool.name,
            inputSchema: tool.inputSchema,
            ...(tool.description === undefined ? {} : { description: tool.description }),
          },
        ]
      : [],
  );

/** A request of AI SDK to its model, as one to a model of the registry. */
export const registryCall = (turn: Turn, model: string, options: CallOptions): ModelCall => {
  const messages: ModelMessage[] = options.prompt.flatMap((message) => (message.role === "system" ? [] : [message]));
  const instructions = options.prompt.flatMap(({ role, content }) =>
    role === "system" && typeof content === "string" ? [content] : [],
  );
  return {
    model,
    messages,
    tools: toolsOf(options),
    settings: settingsOf(turn.settings, options),
    ...(instructions.length === 0 ? {} : { instructions: instructions.join("\n\n") }),
  };
};

/** What of a request a model of the registry is not told. */
export const unsupportedOf = ({ tools = [], toolChoice, responseFormat, stopSequences, seed, topK }: CallOptions) => {
  const asked: readonly (readonly [boolean, string])[] = [
    [tools.some(({ type }) => type === "provider"), "tools of a provider"],
    [toolChoice !== undefined && toolChoice.type !== "auto", "toolChoice"],
    [responseFormat !== undefined && responseFormat.type !== "text", "responseFormat"],
    [stopSequences !== undefined && stopSequences.length > 0, "stopSequences"],
    [seed !== undefined, "seed"],
    [topK !== undefined, "topK"],
  ];
  return asked.flatMap(([isAsked, feature]): Warning[] => (isAsked ? [{ type: "unsupported", feature }] : []));
};
