import type { ModelEnd, ModelEvent, Usage } from "../../protocol/agent/model.ts";
import type { StreamPart } from "./registry-call.ts";

type TextEvent = Extract<ModelEvent, { type: "text" | "reasoning" }>;
type PartEvent = Extract<ModelEvent, { type: "part" }>;
type SdkUsage = Extract<StreamPart, { type: "finish" }>["usage"];

const usageOf = (usage: Usage | undefined): SdkUsage => ({
  inputTokens: {
    total: usage?.inputTokens,
    noCache:
      usage === undefined
        ? undefined
        : usage.inputTokens - (usage.cacheReadTokens ?? 0) - (usage.cacheWriteTokens ?? 0),
    cacheRead: usage?.cacheReadTokens,
    cacheWrite: usage?.cacheWriteTokens,
  },
  outputTokens: { total: usage?.outputTokens, text: undefined, reasoning: usage?.reasoningTokens },
});

const addedPart = ({ part }: PartEvent): StreamPart[] => {
  switch (part.type) {
    case "source-url":
      return [
        {
          type: "source",
          sourceType: "url",
          id: part.sourceId,
          url: part.url,
          ...(part.title === undefined ? {} : { title: part.title }),
        },
      ];
    case "file":
      return [{ type: "file", mediaType: part.mediaType, data: { type: "url", url: new URL(part.url) } }];
    default:
      return [];
  }
};

/** Tells the events of one model call as the parts of AI SDK's `LanguageModelV4`. */
export class EventParts {
  #open: { readonly kind: TextEvent["type"]; readonly id: string } | null = null;
  readonly #inputs = new Set<string>();
  #blocks = 0;
  #from = "";

  read(event: ModelEvent): StreamPart[] {
    switch (event.type) {
      case "text":
      case "reasoning":
        return this.#readText(event);
      case "tool-input": {
        const isNew = !this.#inputs.has(event.callId);
        this.#inputs.add(event.callId);
        const start: StreamPart[] = isNew
          ? [...this.#close(), { type: "tool-input-start", id: event.callId, toolName: event.tool }]
          : [];
        return [...start, { type: "tool-input-delta", id: event.callId, delta: event.delta }];
      }
      case "tool-call": {
        const { callId, tool, input, providerMetadata } = event;
        const ended: StreamPart[] = this.#inputs.delete(callId) ? [{ type: "tool-input-end", id: callId }] : [];
        const metadata = providerMetadata === undefined ? {} : { providerMetadata };
        return [
          ...this.#close(),
          ...ended,
          { type: "tool-call", toolCallId: callId, toolName: tool, input: JSON.stringify(input ?? {}), ...metadata },
        ];
      }
      case "part":
        return [...this.#close(), ...addedPart(event)];
    }
  }

  end({ finishReason, usage }: ModelEnd): StreamPart[] {
    return [
      ...this.#close(),
      { type: "finish", finishReason: { unified: finishReason, raw: finishReason }, usage: usageOf(usage) },
    ];
  }

  #readText({ type: kind, id: from, delta, providerMetadata }: TextEvent): StreamPart[] {
    const parts: StreamPart[] = [];
    let open = this.#open;
    if (open === null || open.kind !== kind || this.#from !== from) {
      this.#blocks += 1;
      open = { kind, id: `${kind}-${this.#blocks}` };
      parts.push(...this.#close(), { type: `${kind}-start`, id: open.id });
      this.#open = open;
      this.#from = from;
    }
    const metadata = providerMetadata === undefined ? {} : { providerMetadata };
    return [...parts, { type: `${kind}-delta`, id: open.id, delta, ...metadata }];
  }

  #close(): StreamPart[] {
    if (this.#open === null) return [];
    const { kind, id } = this.#open;
    this.#open = null;
    return [{ type: `${kind}-end`, id }];
  }
}
