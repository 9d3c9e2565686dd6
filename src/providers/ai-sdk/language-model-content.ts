import { gateJson, gateText } from "../../foundation/text-gate.ts";
import type { Part } from "../../protocol/message/chunk.ts";
import type { Usage } from "../../protocol/agent/model.ts";
import type { StreamPart } from "./language-model-v4.ts";
import { readProviderMetadata } from "./provider-metadata.ts";

type Content = Extract<StreamPart, { type: "source" | "file" | "reasoning-file" | "custom" }>;
type ToolResult = Extract<StreamPart, { type: "tool-result" }>;
type File = Extract<Content, { type: "file" | "reasoning-file" }>;
type Source = Extract<Content, { type: "source" }>;

const metadata = ({ providerMetadata }: Content) => {
  const read = readProviderMetadata(providerMetadata);
  return read === undefined ? {} : { providerMetadata: read };
};

const urlOf = ({ mediaType, data }: File): string => {
  if (data.type === "url") return gateText(data.url.href);
  const base64 = typeof data.data === "string" ? data.data : Buffer.from(data.data).toString("base64");
  return gateText(`data:${mediaType};base64,${base64}`);
};

const sourceOf = (source: Source): Part => {
  const sourceId = gateText(source.id);
  const title = source.title === undefined ? {} : { title: gateText(source.title) };
  if (source.sourceType === "url")
    return { type: "source-url", sourceId, url: gateText(source.url), ...title, ...metadata(source) };
  const filename = source.filename === undefined ? {} : { filename: gateText(source.filename) };
  const mediaType = gateText(source.mediaType);
  return {
    type: "source-document",
    sourceId,
    mediaType,
    title: gateText(source.title),
    ...filename,
    ...metadata(source),
  };
};

/** What a model adds to its answer besides text and calls, as a part of the message. */
export const partOf = (content: Content): Part => {
  switch (content.type) {
    case "source":
      return sourceOf(content);
    case "file":
    case "reasoning-file":
      return { type: content.type, mediaType: gateText(content.mediaType), url: urlOf(content), ...metadata(content) };
    case "custom":
      return { type: "custom", kind: content.kind, ...metadata(content) };
  }
};

/** A call of a tool that the provider runs itself. */
export interface ExecutedCall {
  readonly callId: string;
  readonly tool: string;
  readonly input: unknown;
}

const maxResultBytes = 8_388_608;

const gateResult = (result: unknown): { readonly output: unknown } | { readonly cause: unknown } => {
  try {
    return { output: gateJson(result, { maxBytes: maxResultBytes }) };
  } catch (cause) {
    return { cause };
  }
};

/** Such a call with its result. */
export const executedCall = ({ callId, tool, input }: ExecutedCall, { result, isError }: ToolResult): Part => {
  const call = { type: `tool-${tool}`, toolCallId: callId, providerExecuted: true, input } as const;
  const failed = (errorText: string): Part => ({ ...call, state: "output-error", errorText });
  if (isError === true) return failed("The provider's tool failed.");
  const gated = gateResult(result);
  return "output" in gated
    ? { ...call, state: "output-available", output: gated.output }
    : failed("What the provider's tool found cannot be stored: it is too large or no JSON.");
};

type ModelUsage = Extract<StreamPart, { type: "finish" }>["usage"];

/** AI SDK's usage as the ledger takes it; undefined when the model did not count. */
export const usageOf = ({ inputTokens, outputTokens }: ModelUsage): Usage | undefined => {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  const { cacheRead = 0, cacheWrite = 0 } = inputTokens;
  const { reasoning = 0 } = outputTokens;
  return {
    inputTokens: inputTokens.total ?? 0,
    outputTokens: outputTokens.total ?? 0,
    ...(cacheRead > 0 ? { cacheReadTokens: cacheRead } : {}),
    ...(cacheWrite > 0 ? { cacheWriteTokens: cacheWrite } : {}),
    ...(reasoning > 0 ? { reasoningTokens: reasoning } : {}),
  };
};
