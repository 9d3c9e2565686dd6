import type { CallIds } from "../call-ids.ts";
import { providerError } from "../errors.ts";
import { createBlock, textBlock, type Block, type EventBatch } from "../exchange/event-batch.ts";
import { isRecord, textOf } from "../exchange/json.ts";
import { readProviderMetadata } from "../ai-sdk/provider-metadata.ts";
import { gateToolName, readToolInput } from "../tool-calls.ts";

type Fields = Readonly<Record<string, unknown>>;

type OpenBlock =
  | { readonly type: "text"; readonly block: Block }
  | { readonly type: "reasoning"; readonly id: string; readonly block: Block; metadata: Record<string, string> }
  | { readonly type: "call"; readonly callId: string; readonly tool: string; readonly block: Block; input: string };

/** Puts the content blocks of one answer together. Blocks of other kinds than texts, thoughts and calls are skipped. */
export interface ContentBlocks {
  open(index: unknown, content: Fields): void;
  add(index: unknown, delta: Fields): void;
  close(index: unknown): void;
  /** The answer is over: what is still open is complete. */
  end(): void;
}

/** What a block says besides its deltas: usually nothing. */
const firstWords = ({ type }: OpenBlock, content: Fields): unknown => {
  if (type !== "call") return content[type === "text" ? "text" : "thinking"];
  const { input } = content;
  return isRecord(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : "";
};

const deltaText = ({ type }: OpenBlock, delta: Fields): unknown => {
  if (type === "text" && delta["type"] === "text_delta") return delta["text"];
  if (type === "reasoning" && delta["type"] === "thinking_delta") return delta["thinking"];
  return type === "call" && delta["type"] === "input_json_delta" ? delta["partial_json"] : "";
};

const finish = (batch: EventBatch, open: OpenBlock): void => {
  batch.close(open.block);
  if (open.type === "call") {
    const { callId, tool, input } = open;
    batch.push({ type: "tool-call", callId, tool, input: readToolInput(input) });
  }
  if (open.type !== "reasoning") return;
  const providerMetadata = readProviderMetadata({ anthropic: open.metadata });
  if (providerMetadata !== undefined) batch.push({ type: "reasoning", id: open.id, delta: "", providerMetadata });
};

/** Opens blocks of one answer; undefined for a kind that is skipped. */
const createOpener = (callIds: CallIds): ((content: Fields) => OpenBlock | undefined) => {
  let texts = 0;
  const openReasoning = (metadata: Record<string, string>): OpenBlock => {
    texts += 1;
    const id = `reasoning-${texts}`;
    return { type: "reasoning", id, block: textBlock("reasoning", id), metadata };
  };
  return (content) => {
    switch (content["type"]) {
      case "text":
        texts += 1;
        return { type: "text", block: textBlock("text", `text-${texts}`) };
      case "thinking":
        return openReasoning({});
      case "redacted_thinking":
        return openReasoning({ redactedData: textOf(content["data"]) ?? "" });
      case "tool_use": {
        const name = textOf(content["name"]);
        if (name === undefined) throw providerError("provider_failed", new Error("a tool call without a name"));
        const callId = callIds(textOf(content["id"]));
        const tool = gateToolName(name);
        const block = createBlock((delta) => ({ type: "tool-input", callId, tool, delta }));
        return { type: "call", callId, tool, block, input: "" };
      }
      default:
        return undefined;
    }
  };
};

export const createContentBlocks = (batch: EventBatch, callIds: CallIds): ContentBlocks => {
  const blocks = new Map<unknown, OpenBlock>();
  const opened = createOpener(callIds);
  const say = (open: OpenBlock, delta: unknown): void => {
    if (typeof delta !== "string" || delta === "") return;
    if (open.type === "call") open.input += delta;
    batch.add(open.block, delta);
  };
  return {
    open(index, content) {
      const open = opened(content);
      if (open === undefined) return;
      blocks.set(index, open);
      say(open, firstWords(open, content));
    },
    add(index, delta) {
      const open = blocks.get(index);
      if (open === undefined) return;
      say(open, deltaText(open, delta));
      const signature = textOf(delta["signature"]);
      if (open.type === "reasoning" && delta["type"] === "signature_delta" && signature !== undefined)
        open.metadata = { signature };
    },
    close(index) {
      const open = blocks.get(index);
      blocks.delete(index);
      if (open !== undefined) finish(batch, open);
    },
    end() {
      for (const open of blocks.values()) finish(batch, open);
      blocks.clear();
    },
  };
};
