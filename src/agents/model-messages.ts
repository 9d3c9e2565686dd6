import type { JSONValue } from "ai";
import type { Part } from "../protocol/chunk.ts";
import { isToolPart } from "../protocol/fold.ts";
import type { ModelMessage } from "../protocol/model.ts";

type AssistantContent = Exclude<Extract<ModelMessage, { role: "assistant" }>["content"], string>;
type ToolContent = Extract<ModelMessage, { role: "tool" }>["content"];
type UserContent = Exclude<Extract<ModelMessage, { role: "user" }>["content"], string>;
type ToolPart = Extract<Part, { type: `tool-${string}` }>;

const providerOptions = (part: Part) =>
  "providerMetadata" in part && part.providerMetadata !== undefined ? { providerOptions: part.providerMetadata } : {};

const jsonOf = (value: unknown): JSONValue => JSON.parse(JSON.stringify(value ?? null));

const toolName = (part: ToolPart): string => part.type.slice("tool-".length);

const resultOf = (part: ToolPart): ToolContent => {
  const call = { type: "tool-result", toolCallId: part.toolCallId, toolName: toolName(part) } as const;
  if (part.state === "output-error") return [{ ...call, output: { type: "error-text", value: part.errorText } }];
  if (part.state !== "output-available") return [];
  return [
    {
      ...call,
      output:
        typeof part.output === "string"
          ? { type: "text", value: part.output }
          : { type: "json", value: jsonOf(part.output) },
    },
  ];
};

const isAnswered = (part: ToolPart): boolean => part.state === "output-available" || part.state === "output-error";

const fileContent = ({ url, mediaType, filename }: Extract<Part, { type: "file" }>) => ({
  type: "file" as const,
  data: url,
  mediaType,
  ...(filename === undefined ? {} : { filename }),
});

const callContent = (part: ToolPart): AssistantContent[number] => ({
  type: "tool-call",
  toolCallId: part.toolCallId,
  toolName: toolName(part),
  input: part.input ?? {},
  ...(part.callProviderMetadata === undefined ? {} : { providerOptions: part.callProviderMetadata }),
});

const assistantContent = (part: Part): AssistantContent => {
  if (part.type === "text")
    return part.text === "" ? [] : [{ type: "text", text: part.text, ...providerOptions(part) }];
  if (part.type === "reasoning") return [{ type: "reasoning", text: part.text, ...providerOptions(part) }];
  if (part.type === "file") return [fileContent(part)];
  if (isToolPart(part) && isAnswered(part)) return [callContent(part)];
  return [];
};

/** What a model reads of an answer: for each step what was said and called, then what the calls gave (C5). Calls without a result are left out. */
export const assistantMessages = (parts: readonly Part[]): ModelMessage[] => {
  const messages: ModelMessage[] = [];
  let step: Part[] = [];
  const close = (): void => {
    const content = step.flatMap(assistantContent);
    const results = step.filter(isToolPart).flatMap(resultOf);
    if (content.length > 0) messages.push({ role: "assistant", content });
    if (results.length > 0) messages.push({ role: "tool", content: results });
    step = [];
  };
  for (const part of parts) {
    if (part.type === "step-start") close();
    else step.push(part);
  }
  close();
  return messages;
};

const userContent = (part: Part): UserContent => {
  if (part.type === "text") return [{ type: "text", text: part.text, ...providerOptions(part) }];
  if (part.type === "file") return [fileContent(part)];
  return [];
};

/** What a model reads of a message of a person. */
export const userMessages = (parts: readonly Part[]): ModelMessage[] => {
  const content = parts.flatMap(userContent);
  return content.length === 0 ? [] : [{ role: "user", content }];
};
