import { NatterError } from "../../foundation/errors.ts";
import { gateJson } from "../../foundation/text-gate.ts";
import type { Chunk } from "../../protocol/message/chunk.ts";
import { mapChunk, mapPartType, readFeatures } from "../../protocol/message/map-part.ts";

/** What each chunk of a runner must have; a chunk of another type never leaves. */
const requiredTexts: Readonly<Record<string, readonly string[]>> = {
  "text-start": ["id"],
  "text-delta": ["id", "delta"],
  "text-end": ["id"],
  "reasoning-start": ["id"],
  "reasoning-delta": ["id", "delta"],
  "reasoning-end": ["id"],
  "tool-input-start": ["toolCallId", "toolName"],
  "tool-input-delta": ["toolCallId", "inputTextDelta"],
  "tool-input-available": ["toolCallId", "toolName"],
  "tool-input-error": ["toolCallId", "toolName", "errorText"],
  "tool-output-available": ["toolCallId"],
  "tool-output-error": ["toolCallId", "errorText"],
  "tool-output-denied": ["toolCallId"],
  "source-url": ["sourceId", "url"],
  "source-document": ["sourceId", "mediaType", "title"],
  file: ["url", "mediaType"],
  "reasoning-file": ["url", "mediaType"],
  custom: ["kind"],
  "start-step": [],
  "finish-step": [],
};

const isText = (value: unknown): boolean => typeof value === "string";
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isObject = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** What a chunk may have besides; anything else is left out. */
const optional: Readonly<Record<string, (value: unknown) => boolean>> = {
  providerMetadata: (value) => isObject(value) && Object.values(value ?? {}).every(isObject),
  providerExecuted: isFlag,
  preliminary: isFlag,
  transient: isFlag,
  title: isText,
  filename: isText,
  id: isText,
  input: () => true,
  output: () => true,
  data: () => true,
};

const maxChunkBytes = 8_388_608;

/** Parts of these types are Natter's word: of a runner's only a map is taken, and read like a tool's. */
const ownTypes = "data-natter-";

const isDataType = (type: string): boolean => /^data-[\w.-]{1,100}$/.test(type);

const isChunk = (value: object, type: string): value is Chunk => {
  const texts = isDataType(type) ? [] : Object.hasOwn(requiredTexts, type) ? requiredTexts[type] : undefined;
  return (
    texts?.every((name) => name in value && isText(Object.entries(value).find(([key]) => key === name)?.[1])) === true
  );
};

/** A chunk as it may be stored and shown, or null where AI SDK's clients could not read it. Sizes and texts are gated, but for deltas. */
export const readChunk = (said: unknown): Chunk | null => {
  if (typeof said !== "object" || said === null || !("type" in said) || typeof said.type !== "string") return null;
  const { type } = said;
  const needed = new Set(["type", "delta", "inputTextDelta", ...(requiredTexts[type] ?? [])]);
  const kept = Object.entries(said).filter(
    ([name, value]) => needed.has(name) || (Object.hasOwn(optional, name) && optional[name]?.(value) === true),
  );
  const texts = new Set(["delta", "inputTextDelta"]);
  try {
    const gated = gateJson(Object.fromEntries(kept.filter(([name]) => !texts.has(name))), { maxBytes: maxChunkBytes });
    if (typeof gated !== "object" || gated === null || Array.isArray(gated)) return null;
    const chunk = { ...gated, ...Object.fromEntries(kept.filter(([name]) => texts.has(name))) };
    if (isDataType(type) && !("data" in chunk)) return null;
    if (type.startsWith(ownTypes)) return type === mapPartType ? mapChunk(readFeatures(gated["data"])) : null;
    return isChunk(chunk, type) ? chunk : null;
  } catch (cause) {
    if (cause instanceof NatterError) return null;
    throw cause;
  }
};
