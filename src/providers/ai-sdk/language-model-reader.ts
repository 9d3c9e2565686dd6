import type { ModelEnd } from "../../protocol/agent/model.ts";
import type { CallIds } from "../call-ids.ts";
import { answerBrokeOff, providerError } from "../errors.ts";
import { createBlock, textBlock, type Block, type EventBatch } from "../exchange/event-batch.ts";
import { executedCall, partOf, usageOf, type ExecutedCall } from "./language-model-content.ts";
import type { StreamPart } from "./language-model-v4.ts";
import { readProviderMetadata } from "./provider-metadata.ts";
import { errorFromSdk } from "./sdk-errors.ts";
import { gateToolName, readToolInput } from "../tool-calls.ts";

type Part<Type extends StreamPart["type"]> = Extract<StreamPart, { type: Type }>;

interface OpenText {
  readonly type: "text" | "reasoning";
  readonly id: string;
  readonly block: Block;
  metadata: unknown;
}

interface OpenInput {
  readonly callId: string;
  readonly block: Block;
}

/** Reads the parts of one AI SDK stream into events. */
export class PartReader {
  readonly #batch: EventBatch;
  readonly #callIds: CallIds;
  readonly #texts = new Map<string, OpenText>();
  readonly #inputs = new Map<string, OpenInput>();
  /** Calls of tools that the provider runs itself, until their results come. */
  readonly #executed = new Map<string, ExecutedCall>();
  #blocks = 0;
  #finish: Part<"finish"> | null = null;

  constructor(batch: EventBatch, callIds: CallIds) {
    this.#batch = batch;
    this.#callIds = callIds;
  }

  read(part: StreamPart): void {
    switch (part.type) {
      case "text-start":
      case "reasoning-start":
        this.#open(part.type === "text-start" ? "text" : "reasoning", part);
        return;
      case "text-delta":
      case "reasoning-delta":
        return this.#add(part.type === "text-delta" ? "text" : "reasoning", part);
      case "text-end":
      case "reasoning-end":
        return this.#close(part);
      case "tool-input-start":
        if (part.providerExecuted !== true) this.#openInput(part.id, part.toolName);
        return;
      case "tool-input-delta": {
        const open = this.#inputs.get(part.id);
        return open === undefined ? undefined : this.#batch.add(open.block, part.delta);
      }
      case "tool-call":
        return this.#call(part);
      case "tool-result":
        return this.#result(part);
      case "source":
      case "file":
      case "reasoning-file":
      case "custom":
        return this.#batch.push({ type: "part", part: partOf(part) });
      case "finish":
        this.#finish = part;
        return;
      case "error":
        throw errorFromSdk(part.error);
      case "stream-start":
      case "response-metadata":
      case "tool-input-end":
      case "tool-approval-request":
      case "ping":
      case "raw":
        return;
    }
  }

  /** The stream is over. Throws when it ended without saying so. */
  end(): ModelEnd {
    const finish = this.#finish;
    const reason = finish?.finishReason.unified;
    if (finish === null || reason === undefined || reason === "interrupted") throw answerBrokeOff();
    if (reason === "error") throw providerError("provider_failed", new Error(`finished as ${finish.finishReason.raw}`));
    for (const open of this.#texts.values()) this.#finishText(open);
    const usage = usageOf(finish.usage);
    const providerMetadata = readProviderMetadata(finish.providerMetadata);
    return {
      finishReason: reason,
      ...(usage === undefined ? {} : { usage }),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    };
  }

  /** Ids of a model may come again after their end: each block gets one of its own. */
  #open(type: OpenText["type"], { id, providerMetadata }: { id: string; providerMetadata?: unknown }): OpenText {
    this.#blocks += 1;
    const own = `${type}-${this.#blocks}`;
    const open = { type, id: own, block: textBlock(type, own), metadata: providerMetadata };
    this.#texts.set(id, open);
    return open;
  }

  #add(type: OpenText["type"], part: Part<"text-delta" | "reasoning-delta">): void {
    const open = this.#texts.get(part.id) ?? this.#open(type, part);
    open.metadata = part.providerMetadata ?? open.metadata;
    this.#batch.add(open.block, part.delta);
  }

  #close(part: Part<"text-end" | "reasoning-end">): void {
    const open = this.#texts.get(part.id);
    if (open === undefined) return;
    this.#texts.delete(part.id);
    open.metadata = part.providerMetadata ?? open.metadata;
    this.#finishText(open);
  }

  #finishText({ type, id, block, metadata }: OpenText): void {
    this.#batch.close(block);
    const providerMetadata = readProviderMetadata(metadata);
    if (providerMetadata !== undefined) this.#batch.push({ type, id, delta: "", providerMetadata });
  }

  #openInput(id: string, name: string): OpenInput {
    const callId = this.#callIds(id);
    const tool = gateToolName(name);
    const open = { callId, block: createBlock((delta) => ({ type: "tool-input", callId, tool, delta })) };
    this.#inputs.set(id, open);
    return open;
  }

  #call(part: Part<"tool-call">): void {
    const { toolCallId } = part;
    const tool = gateToolName(part.toolName);
    const input = readToolInput(part.input);
    if (part.providerExecuted === true) {
      this.#executed.set(toolCallId, { callId: this.#callIds(toolCallId), tool, input });
      return;
    }
    const { callId, block } = this.#inputs.get(toolCallId) ?? this.#openInput(toolCallId, tool);
    this.#inputs.delete(toolCallId);
    this.#batch.close(block);
    const providerMetadata = readProviderMetadata(part.providerMetadata);
    this.#batch.push({
      type: "tool-call",
      callId,
      tool,
      input,
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    });
  }

  #result(part: Part<"tool-result">): void {
    const call = this.#executed.get(part.toolCallId);
    if (call === undefined || part.preliminary === true) return;
    this.#executed.delete(part.toolCallId);
    this.#batch.push({ type: "part", part: executedCall(call, part) });
  }
}
