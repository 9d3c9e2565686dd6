import type { BaseMessage } from "@langchain/core/messages";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import type { Langgraph } from "./load-langgraph.ts";

type Part = Exclude<ModelMessage["content"], string>[number];
type ToolResult = Extract<Part, { type: "tool-result" }>;

const textsOf = (content: ModelMessage["content"]): string =>
  typeof content === "string"
    ? content
    : content.flatMap((part) => ("text" in part && part.type === "text" ? [part.text] : [])).join("");

const urlOf = (data: unknown, mediaType: string): string | null => {
  if (typeof data === "string") return /^(data:|https?:)/.test(data) ? data : `data:${mediaType};base64,${data}`;
  if (data instanceof URL) return data.href;
  if (data instanceof Uint8Array) return `data:${mediaType};base64,${Buffer.from(data).toString("base64")}`;
  return null;
};

type Block = { type: "text"; text: string } | { type: "image_url"; image_url: { url: string } };

const blockOf = (part: Part): Block[] => {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  if (part.type !== "file" || !("mediaType" in part)) return [];
  const url = urlOf(part.data, part.mediaType);
  return url === null || !part.mediaType.startsWith("image/") ? [] : [{ type: "image_url", image_url: { url } }];
};

const resultText = ({ output }: ToolResult): string => {
  switch (output.type) {
    case "text":
    case "error-text":
      return output.value;
    case "execution-denied":
      return output.reason ?? "Denied.";
    default:
      return JSON.stringify(output.value);
  }
};

/** The window of the branch as LangChain's messages. Images go along; other files do not. */
export const graphMessages = (core: Langgraph, messages: readonly ModelMessage[]): BaseMessage[] =>
  messages.flatMap((message): BaseMessage[] => {
    const { role, content } = message;
    switch (role) {
      case "system":
        return [new core.SystemMessage(textsOf(content))];
      case "user":
        return [new core.HumanMessage({ content: typeof content === "string" ? content : content.flatMap(blockOf) })];
      case "assistant": {
        const calls = typeof content === "string" ? [] : content.filter((part) => part.type === "tool-call");
        return [
          new core.AIMessage({
            content: textsOf(content),
            tool_calls: calls.map(({ toolCallId: id, toolName: name, input }) => ({
              id,
              name,
              args: typeof input === "object" && input !== null ? { ...input } : {},
              type: "tool_call" as const,
            })),
          }),
        ];
      }
      case "tool":
        return content.flatMap((part) =>
          part.type === "tool-result"
            ? [
                new core.ToolMessage({
                  content: resultText(part),
                  tool_call_id: part.toolCallId,
                  name: part.toolName,
                  status: part.output.type.startsWith("error") ? "error" : "success",
                }),
              ]
            : [],
        );
    }
  });
