import type { LanguageModelV4 } from "natter";

type Prompt = Parameters<LanguageModelV4["doStream"]>[0]["prompt"];
type StreamPart =
  Awaited<ReturnType<LanguageModelV4["doStream"]>>["stream"] extends ReadableStream<infer Part> ? Part : never;

const lastWords = (prompt: Prompt): string => {
  const message = prompt.findLast(({ role }) => role === "user");
  if (message?.role !== "user") return "";
  return message.content.map((part) => (part.type === "text" ? part.text : "")).join(" ");
};

const count = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;

const partsFor = (prompt: Prompt): StreamPart[] => {
  const asked = lastWords(prompt);
  const words = asked.split(" ").toReversed();
  return [
    { type: "stream-start", warnings: [] },
    { type: "text-start", id: "1" },
    ...words.map((word, index) => ({ type: "text-delta" as const, id: "1", delta: index === 0 ? word : ` ${word}` })),
    { type: "text-end", id: "1" },
    {
      type: "finish",
      finishReason: { unified: "stop", raw: undefined },
      usage: {
        inputTokens: { total: count(asked), noCache: count(asked), cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: words.length, text: words.length, reasoning: undefined },
      },
    },
  ];
};

const streamOf = (parts: readonly StreamPart[]): ReadableStream<StreamPart> =>
  new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });

/** A model of AI SDK 7 that says what it was told, backwards: any `LanguageModelV4` fits in the same place. */
export const createBackwardsModel = (modelId: string): LanguageModelV4 => ({
  specificationVersion: "v4",
  provider: "backwards",
  modelId,
  supportedUrls: {},
  doGenerate: () => Promise.reject(new Error("Natter streams")),
  doStream: ({ prompt }) => Promise.resolve({ stream: streamOf(partsFor(prompt)) }),
});
