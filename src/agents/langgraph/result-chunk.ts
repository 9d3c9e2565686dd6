import type { ToolMessage } from "@langchain/core/messages";
import type { Chunk } from "../../protocol/message/chunk.ts";

/** Marks what a tool of this server says for itself: it may be shown, unlike what a node has thrown. */
export const ownWord = "natterOwnWord";

/** Tools give their data to a model as JSON text. */
const dataOf = (content: ToolMessage["content"]): unknown => {
  if (typeof content !== "string" || !/^[[{]/.test(content)) return content;
  try {
    const data: unknown = JSON.parse(content);
    return data;
  } catch {
    // text that only begins like JSON
    return content;
  }
};

export const resultChunk = (message: ToolMessage): Chunk => {
  const { tool_call_id: toolCallId, content, status, additional_kwargs: kept } = message;
  if (status !== "error") return { type: "tool-output-available", toolCallId, output: dataOf(content) };
  if (kept[ownWord] === "denied") return { type: "tool-output-denied", toolCallId };
  const errorText = kept[ownWord] !== undefined && typeof content === "string" ? content : "The tool failed.";
  return { type: "tool-output-error", toolCallId, errorText };
};
