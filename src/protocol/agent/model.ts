import type { FinishReason, JSONSchema7, LanguageModel, ModelMessage, ProviderMetadata } from "ai";
import type { Part } from "../message/chunk.ts";
import type { Settings } from "../settings.ts";

export type { ModelMessage };

/** AI SDK 7's specification of a language model: what `openai("gpt-5")` and its like return. */
export type LanguageModelV4 = Extract<LanguageModel, { specificationVersion: "v4" }>;

/** A tool as a model is told of it. */
export interface ToolDescription {
  readonly name: string;
  readonly description?: string;
  /** JSON Schema of the input, draft 7. */
  readonly inputSchema: JSONSchema7;
}

/** One request to a model. */
export interface ModelCall {
  /** `<provider id>/<model id>`. */
  readonly model: string;
  readonly instructions?: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ToolDescription[];
  readonly settings: Settings;
}

/**
 * What a model says while it answers. `id` names a text or reasoning block within the call; `callId` a tool call,
 * unique within the completion. A `tool-call` whose input text was no JSON carries that text as a string.
 * `providerMetadata` is what the provider wants back with the block or call in later prompts (a signature of reasoning);
 * on a block it comes with the last event, whose delta may be empty.
 */
export type ModelEvent =
  | {
      readonly type: "text" | "reasoning";
      readonly id: string;
      readonly delta: string;
      readonly providerMetadata?: ProviderMetadata;
    }
  | { readonly type: "tool-input"; readonly callId: string; readonly tool: string; readonly delta: string }
  | {
      readonly type: "tool-call";
      readonly callId: string;
      readonly tool: string;
      readonly input: unknown;
      readonly providerMetadata?: ProviderMetadata;
    }
  | { readonly type: "part"; readonly part: Part };

/** Tokens of one model call, as the provider counted them (`estimated` absent) or as Natter guessed. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that the provider read from its cache. */
  readonly cacheReadTokens?: number;
  /** Part of `inputTokens` that the provider wrote to its cache. */
  readonly cacheWriteTokens?: number;
  /** Part of `outputTokens`. */
  readonly reasoningTokens?: number;
  readonly estimated?: boolean;
  /** No model was called: the answer came from Natter's cache and costs nothing. */
  readonly cached?: boolean;
}

export interface ModelEnd {
  readonly finishReason: FinishReason;
  /** The model that answered, where it was not the one that was called. */
  readonly model?: string;
  /** Absent when the provider did not tell. */
  readonly usage?: Usage;
  readonly providerMetadata?: unknown;
}

/**
 * Calls a model. `sink` gets the events in order, in batches as they were read from the socket, synchronously.
 * Rejects with a NatterError (`provider_*`), or with `signal.reason` when aborted; the socket is closed then.
 */
export interface ModelDriver {
  stream(call: ModelCall, signal: AbortSignal, sink: (events: readonly ModelEvent[]) => void): Promise<ModelEnd>;
}

/** Micro-dollars for a million tokens, at list price. */
export interface ListPrice {
  readonly inputMicrosPerMillion: number;
  readonly outputMicrosPerMillion: number;
}

/** What is known of a model: limits in tokens, abilities. */
export interface ModelInfo {
  /** `<provider id>/<model id>`. */
  readonly id: string;
  readonly name: string;
  readonly contextTokens: number | null;
  readonly maxOutputTokens: number | null;
  readonly tools: boolean;
  readonly reasoning: boolean;
  /** Whether it reads images. */
  readonly images: boolean;
  /** Media types that it reads besides text and images, as `application/pdf` or `audio/*`. */
  readonly files: readonly string[];
}

/** A model as a selector offers it. */
export interface OfferedModel extends ModelInfo {
  /** Null: not known. */
  readonly price: ListPrice | null;
}

/** The models of this server. */
export interface ModelDirectory {
  /** The canonical `<provider id>/<model id>` behind an id or alias; undefined when no provider here offers it. */
  resolve(id: string): string | undefined;
  /** Canonical id of the model that answers when nobody chose one. */
  readonly defaultModel: string;
  /** What to offer in a selector; `resolve` may accept further ids. */
  list(): readonly OfferedModel[];
}
