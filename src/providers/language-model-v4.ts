import type { LanguageModel } from "ai";

/** AI SDK 7's specification of a language model (`LanguageModelV4`): what `openai("gpt-5")` and its like return. */
export type LanguageModelV4 = Extract<LanguageModel, { specificationVersion: "v4" }>;

export type CallOptions = Parameters<LanguageModelV4["doStream"]>[0];

type Stream = Awaited<ReturnType<LanguageModelV4["doStream"]>>["stream"];

export type StreamPart = Stream extends ReadableStream<infer Part> ? Part : never;
