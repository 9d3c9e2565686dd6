import type { LanguageModelV4 } from "../../protocol/agent/model.ts";

export type { LanguageModelV4 };

export type CallOptions = Parameters<LanguageModelV4["doStream"]>[0];

type Stream = Awaited<ReturnType<LanguageModelV4["doStream"]>>["stream"];

export type StreamPart = Stream extends ReadableStream<infer Part> ? Part : never;
