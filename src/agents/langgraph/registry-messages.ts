import type { BaseMessage } from "@langchain/core/messages";
import type { ModelMessage } from "../../protocol/agent/model.ts";
import type { Langgraph } from "./load-langgraph.ts";

type UserPart = Exclude<Extract<ModelMessage, { role: "user" }>["content"], string>[number];

const mediaTypeOf = (url: string): string => /^data:([^;,]+)/.exec(url)?.[1] ?? "image/*";

const userParts = ({ content }: BaseMessage): UserPart[] =>
  typeof content === "string"
    ? [{ type: "text", text: content }]
    : content.flatMap((block): UserPart[] => {
        if (block.type === "text" && typeof block["text"] === "string") return [{ type: "text", text: block["text"] }];
        const image: unknown = block.type === "image_url" ? block["image_url"] : undefined;
        const url: unknown = typeof image === "object" && image !== null && "url" in image ? image.url : image;
        return typeof url === "string" ? [{ type: "file", data: url, mediaType: mediaTypeOf(url) }] : [];
      });

/** LangChain's messages as a model of the registry is told of them; system messages are its instructions. */
export const registryMessages = (
  core: Langgraph,
  messages: readonly BaseMessage[],
): { instructions: string; told: ModelMessage[] } => {
  const names = new Map<string, string>();
  const told = messages.flatMap((message): ModelMessage[] => {
    if (core.isSystemMessage(message)) return [];
    if (core.isToolMessage(message)) {
      const toolName = names.get(message.tool_call_id) ?? message.name ?? "";
      const output = {
        type: message.status === "error" ? ("error-text" as const) : ("text" as const),
        value: message.text,
      };
      return [{ role: "tool", content: [{ type: "tool-result", toolCallId: message.tool_call_id, toolName, output }] }];
    }
    if (!core.isAIMessage(message)) return [{ role: "user", content: userParts(message) }];
    const calls = (message.tool_calls ?? []).flatMap(({ id, name, args }) => {
      if (id === undefined) return [];
      names.set(id, name);
      return [{ type: "tool-call" as const, toolCallId: id, toolName: name, input: args }];
    });
    const texts = message.text === "" ? [] : [{ type: "text" as const, text: message.text }];
    return texts.length + calls.length === 0 ? [] : [{ role: "assistant", content: [...texts, ...calls] }];
  });
  const instructions = messages
    .flatMap((message) => (core.isSystemMessage(message) ? [message.text] : []))
    .join("\n\n");
  return { instructions, told };
};
