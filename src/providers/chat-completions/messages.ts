import type { AssistantModelMessage, ToolResultPart, UserModelMessage } from "ai";
import type { ModelCall, ModelMessage } from "../../protocol/agent/model.ts";
import type { Dialect } from "./dialect.ts";
import { filePart, type WirePart } from "./file-part.ts";

/** A message as Chat Completions takes it. */
export type WireMessage = Readonly<Record<string, unknown>> & { readonly role: string };

const userContent = (content: UserModelMessage["content"], providerId: string): string | WirePart[] => {
  if (typeof content === "string") return content;
  const parts = content
    .filter((part) => part.type !== "text" || part.text !== "")
    .map((part): WirePart => (part.type === "text" ? { type: "text", text: part.text } : filePart(part, providerId)));
  const [only] = parts;
  if (only === undefined) return "";
  return parts.length === 1 && only.type === "text" && typeof only["text"] === "string" ? only["text"] : parts;
};

const assistantMessage = ({ content }: AssistantModelMessage, dialect: Dialect): WireMessage => {
  const parts = typeof content === "string" ? [{ type: "text" as const, text: content }] : content;
  const join = (type: "text" | "reasoning"): string =>
    parts.map((part) => (part.type === type && "text" in part ? part.text : "")).join("");
  const calls = parts
    .filter((part) => part.type === "tool-call")
    .filter(({ providerExecuted }) => providerExecuted !== true)
    .map(({ toolCallId, toolName, input }) => ({
      id: toolCallId,
      type: "function",
      function: { name: toolName, arguments: JSON.stringify(input ?? {}) },
    }));
  const text = join("text");
  const reasoning = join("reasoning");
  return {
    role: "assistant",
    content: calls.length > 0 && text === "" ? null : text,
    ...(dialect.reasoning === null || (reasoning === "" && dialect.reasoningOf !== "always")
      ? {}
      : { [dialect.reasoning]: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
};

const outputText = ({ output }: ToolResultPart): string => {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "execution-denied":
      return output.reason ?? "Tool call execution denied.";
    case "json":
    case "error-json":
    case "content":
      return JSON.stringify(output.value);
  }
};

const messagesOf = (message: ModelMessage, providerId: string, dialect: Dialect): WireMessage[] => {
  switch (message.role) {
    case "system":
      return [{ role: dialect.instructionsRole, content: message.content }];
    case "user":
      return [{ role: "user", content: userContent(message.content, providerId) }];
    case "assistant":
      return [assistantMessage(message, dialect)];
    case "tool":
      return message.content
        .filter((part) => part.type === "tool-result")
        .map((part) => ({ role: "tool", tool_call_id: part.toolCallId, content: outputText(part) }));
  }
};

/**
 * A prompt on the wire, instructions first.
 * @throws NatterError `provider_refused` for a file that the wire format has no place for
 */
export const wireMessages = (
  { instructions = "", messages }: ModelCall,
  providerId: string,
  dialect: Dialect,
): WireMessage[] => {
  const lastOfPerson = messages.findLastIndex(({ role }) => role === "user");
  const silent: Dialect = { ...dialect, reasoning: null };
  return [
    ...(instructions === "" ? [] : [{ role: dialect.instructionsRole, content: instructions }]),
    ...messages.flatMap((message, index) =>
      messagesOf(message, providerId, dialect.reasoningOf !== "last" || index > lastOfPerson ? dialect : silent),
    ),
  ];
};
