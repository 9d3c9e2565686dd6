import type { ContentPart, Message } from "@ag-ui/core";
import type { Part } from "../../protocol/message/chunk.ts";
import { isToolPart } from "../../protocol/message/fold.ts";
import type { ModelMessage } from "../../protocol/agent/model.ts";

type ModelPart = Exclude<ModelMessage["content"], string>[number];
type ToolResult = Extract<ModelPart, { type: "tool-result" }>;
type FilePart = Extract<ModelPart, { type: "file" }>;

const textsOf = (content: ModelMessage["content"]): string =>
  typeof content === "string" ? content : content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("");

const sourceOf = ({ data, mediaType }: FilePart): (ContentPart & { type: "image" }) | null => {
  const source = (value: string) => ({
    type: "image" as const,
    source: { type: "data" as const, value, mimeType: mediaType },
  });
  if (data instanceof Uint8Array) return source(Buffer.from(data).toString("base64"));
  if (typeof data !== "string") return null;
  const inline = /^data:[^,]*;base64,(.*)$/s.exec(data)?.[1];
  if (inline !== undefined) return source(inline);
  return /^https?:/.test(data)
    ? { type: "image", source: { type: "url", value: data, mimeType: mediaType } }
    : source(data);
};

const kindOf = (mediaType: string): "image" | "audio" | "video" | "document" => {
  const kind = mediaType.split("/")[0];
  return kind === "image" || kind === "audio" || kind === "video" ? kind : "document";
};

const contentParts = (part: ModelPart): ContentPart[] => {
  if (part.type === "text") return [{ type: "text", text: part.text }];
  if (part.type !== "file") return [];
  const found = sourceOf(part);
  return found === null ? [] : [{ ...found, type: kindOf(part.mediaType) }];
};

/** Text alone as a string: what every agent reads. */
const userContent = (content: Extract<ModelMessage, { role: "user" }>["content"]): string | ContentPart[] =>
  typeof content === "string" || content.every(({ type }) => type === "text")
    ? textsOf(content)
    : content.flatMap(contentParts);

const resultText = ({ output }: ToolResult): string => {
  if (output.type === "text" || output.type === "error-text") return output.value;
  if (output.type === "execution-denied") return output.reason ?? "Denied.";
  return JSON.stringify(output.value);
};

const callOf = (id: string, name: string, input: unknown) => ({
  id,
  type: "function" as const,
  function: { name, arguments: JSON.stringify(input ?? {}) },
});

/** The window of the branch as AG-UI's messages; reasoning stays behind. Their ids count from the oldest. */
export const runMessages = (messages: readonly ModelMessage[]): Message[] =>
  messages.flatMap((message, at): Message[] => {
    const id = `message-${at + 1}`;
    const { role, content } = message;
    switch (role) {
      case "system":
        return [{ id, role, content: textsOf(content) }];
      case "user":
        return [{ id, role, content: userContent(content) }];
      case "assistant": {
        const calls = typeof content === "string" ? [] : content.filter((part) => part.type === "tool-call");
        const toolCalls = calls.map((call) => callOf(call.toolCallId, call.toolName, call.input));
        return [{ id, role, content: textsOf(content), ...(toolCalls.length === 0 ? {} : { toolCalls }) }];
      }
      case "tool":
        return content.flatMap((part, index): Message[] =>
          part.type === "tool-result"
            ? [{ id: `${id}-${index + 1}`, role, toolCallId: part.toolCallId, content: resultText(part) }]
            : [],
        );
    }
  });

/** What this answer has said so far, calls without a result included: a run that goes on needs them. */
export const answerMessages = (steps: readonly { readonly parts: readonly Part[] }[]): Message[] =>
  steps.flatMap(({ parts }, at): Message[] => {
    const id = `answer-${at + 1}`;
    const content = parts.map((part) => (part.type === "text" ? part.text : "")).join("");
    const calls = parts.filter(isToolPart);
    const toolCalls = calls.map((part) => callOf(part.toolCallId, part.type.slice("tool-".length), part.input));
    const results = calls.flatMap((part): Message[] => {
      if (part.state !== "output-available" && part.state !== "output-error") return [];
      const said = part.state === "output-available" ? part.output : part.errorText;
      const text = typeof said === "string" ? said : JSON.stringify(said);
      return [{ id: `${id}-${part.toolCallId}`, role: "tool", toolCallId: part.toolCallId, content: text }];
    });
    return [{ id, role: "assistant", content, ...(toolCalls.length === 0 ? {} : { toolCalls }) }, ...results];
  });
