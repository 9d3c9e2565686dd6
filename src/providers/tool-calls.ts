import { gateJson, gateText } from "../foundation/text-gate.ts";
import { readJson } from "./exchange/json.ts";

const maxKept = 16_384;

/**
 * The input of a tool call from the text that a model wrote. No text is no arguments; what is no JSON, or more than may
 * be stored, stays a text (its head, when long), so that the tool's own validation can tell the model.
 */
export const readToolInput = (text: string): unknown => {
  if (text.trim() === "") return {};
  const read = readJson(text);
  if ("cause" in read) return gateText(text.slice(0, maxKept));
  try {
    return gateJson(read.value);
  } catch {
    // too deep or too large: told to the model by validation, like any other input that does not fit
    return gateText(text.slice(0, maxKept));
  }
};

/** The name of a tool as a model wrote it, storable and not longer than any tool's. */
export const gateToolName = (name: string): string => gateText(name).slice(0, 128);
