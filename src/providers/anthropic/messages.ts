import type { AssistantModelMessage, ToolModelMessage, ToolResultPart, UserModelMessage } from "ai";
import type { ModelCall } from "../../protocol/agent/model.ts";
import { isRecord, textOf } from "../exchange/json.ts";
import { fileBlock, type WireBlock } from "./file-block.ts";

/** A message as Anthropic's Messages take it. */
export interface WireMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly WireBlock[];
}

/** Anthropic refuses texts of white space alone. */
const textBlocks = (text: string): WireBlock[] => (text.trim() === "" ? [] : [{ type: "text", text }]);

const wireId = (callId: string): string => callId.replaceAll(/[^A-Za-z0-9_-]/g, "_");

const userBlocks = ({ content }: UserModelMessage): WireBlock[] =>
  typeof content === "string"
    ? textBlocks(content)
    : content.flatMap((part) => (part.type === "text" ? textBlocks(part.text) : [fileBlock(part)]));

type AssistantPart = Exclude<AssistantModelMessage["content"], string>[number];
type ReasoningPart = Extract<AssistantPart, { type: "reasoning" }>;

/** Only what Anthropic signed goes back; another provider's reasoning would be refused. */
const reasoningBlocks = ({ text, providerOptions }: ReasoningPart): WireBlock[] => {
  const told = providerOptions?.["anthropic"];
  const signature = textOf(told?.["signature"]);
  const data = textOf(told?.["redactedData"]);
  if (signature !== undefined) return [{ type: "thinking", thinking: text, signature }];
  return data === undefined ? [] : [{ type: "redacted_thinking", data }];
};

const assistantBlock = (part: AssistantPart): WireBlock[] => {
  if (part.type === "text") return textBlocks(part.text);
  if (part.type === "reasoning") return reasoningBlocks(part);
  if (part.type !== "tool-call") return [];
  const { toolCallId, toolName, input } = part;
  const read = isRecord(input) ? input : { rawInvalidInput: input };
  return [{ type: "tool_use", id: wireId(toolCallId), name: toolName, input: read }];
};

const assistantBlocks = ({ content }: AssistantModelMessage): WireBlock[] =>
  typeof content === "string" ? textBlocks(content) : content.flatMap(assistantBlock);

const outputContent = ({ output }: ToolResultPart): string | WireBlock[] => {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "execution-denied":
      return output.reason ?? "Tool call execution denied.";
    case "json":
    case "error-json":
      return JSON.stringify(output.value);
    case "content":
      return output.value.flatMap((part): WireBlock[] => {
        if (part.type === "text") return textBlocks(part.text);
        return part.type === "file" ? [fileBlock(part)] : textBlocks(JSON.stringify(part));
      });
  }
};

const resultBlocks = ({ content }: ToolModelMessage): WireBlock[] =>
  content
    .filter((part) => part.type === "tool-result")
    .map((part) => ({
      type: "tool_result",
      tool_use_id: wireId(part.toolCallId),
      content: outputContent(part),
      ...(part.output.type.startsWith("error-") ? { is_error: true } : {}),
    }));

const wireMessage = (message: Exclude<ModelCall["messages"][number], { role: "system" }>): WireMessage => {
  switch (message.role) {
    case "user":
      return { role: "user", content: userBlocks(message) };
    case "assistant":
      return { role: "assistant", content: assistantBlocks(message) };
    case "tool":
      return { role: "user", content: resultBlocks(message) };
  }
};

/** An answer that is to be continued must not end in white space. */
const withoutOpenEnd = (messages: readonly WireMessage[]): readonly WireMessage[] => {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== "assistant" || block === undefined || typeof block["text"] !== "string") return messages;
  const closed = { ...block, text: block["text"].trimEnd() };
  return [...messages.slice(0, -1), { ...last, content: [...last.content.slice(0, -1), closed] }];
};

/**
 * A prompt on the wire: neighbours of one role joined, because the results of one step's calls must stand together, and
 * empty messages left out.
 * @throws NatterError `provider_refused` for a file that the wire format has no place for
 */
export const wireMessages = ({ messages }: ModelCall): readonly WireMessage[] => {
  const grouped: { role: WireMessage["role"]; content: WireBlock[] }[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    const { role, content } = wireMessage(message);
    if (content.length === 0) continue;
    const last = grouped.at(-1);
    if (last?.role === role) last.content.push(...content);
    else grouped.push({ role, content: [...content] });
  }
  return withoutOpenEnd(grouped);
};

/** The instructions, and whatever system messages hold besides. */
export const systemText = ({ instructions = "", messages }: ModelCall): string =>
  [instructions, ...messages.flatMap((message) => (message.role === "system" ? [message.content] : []))]
    .filter((text) => text.trim() !== "")
    .join("\n\n");
