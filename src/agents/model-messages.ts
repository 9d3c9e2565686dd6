import type { JSONValue } from "ai";
import type { Part } from "../protocol/message/chunk.ts";
import { isAnsweredPart, isToolPart } from "../protocol/message/fold.ts";
import type { ModelMessage } from "../protocol/agent/model.ts";
import { toolResultParts, toolResultText } from "../protocol/message/tool-result-part.ts";
import { denialOf } from "../tools/results.ts";
import { contentText } from "../tools/content-result.ts";

type AssistantContent = Exclude<Extract<ModelMessage, { role: "assistant" }>["content"], string>;
type ToolContent = Extract<ModelMessage, { role: "tool" }>["content"];
type UserContent = Exclude<Extract<ModelMessage, { role: "user" }>["content"], string>;
type ToolPart = Extract<Part, { type: `tool-${string}` }>;

const providerOptions = (part: Part) =>
  "providerMetadata" in part && part.providerMetadata !== undefined ? { providerOptions: part.providerMetadata } : {};

const jsonOf = (value: unknown): JSONValue => JSON.parse(JSON.stringify(value ?? null));

const toolName = (part: ToolPart): string => part.type.slice("tool-".length);

type ToolResult = Extract<ToolContent[number], { type: "tool-result" }>;

const callOptions = ({ callProviderMetadata }: ToolPart) =>
  callProviderMetadata === undefined ? {} : { providerOptions: callProviderMetadata };

const outputOf = (part: ToolPart): ToolResult["output"] | null => {
  if (part.state === "output-error")
    return part.providerExecuted === true
      ? { type: "error-json", value: part.errorText }
      : { type: "error-text", value: part.errorText };
  if (part.state === "output-denied") return { type: "error-text", value: denialOf(part.approval.reason ?? null) };
  if (part.state !== "output-available") return null;
  const text = typeof part.output === "string" ? part.output : contentText(part.output);
  return text === null ? { type: "json", value: jsonOf(part.output) } : { type: "text", value: text };
};

const resultOf = (part: ToolPart): ToolResult[] => {
  const output = outputOf(part);
  const { toolCallId } = part;
  return output === null
    ? []
    : [{ type: "tool-result", toolCallId, toolName: toolName(part), output, ...callOptions(part) }];
};

const fileContent = (part: Extract<Part, { type: "file" }>) => ({
  type: "file" as const,
  data: part.url,
  mediaType: part.mediaType,
  ...(part.filename === undefined ? {} : { filename: part.filename }),
  ...providerOptions(part),
});

/** A tool that the provider ran itself has its result beside the call; the others' come in a message of their own. */
const callContent = (part: ToolPart): AssistantContent => [
  {
    type: "tool-call",
    toolCallId: part.toolCallId,
    toolName: toolName(part),
    input: part.input ?? {},
    ...(part.providerExecuted === undefined ? {} : { providerExecuted: part.providerExecuted }),
    ...callOptions(part),
  },
  ...(part.providerExecuted === true ? resultOf(part) : []),
];

const assistantContent = (part: Part): AssistantContent => {
  switch (part.type) {
    case "text":
      return part.text === "" ? [] : [{ type: "text", text: part.text, ...providerOptions(part) }];
    case "reasoning":
      return [{ type: "reasoning", text: part.text, ...providerOptions(part) }];
    case "file":
      return [fileContent(part)];
    case "reasoning-file":
      return [{ type: "reasoning-file", data: part.url, mediaType: part.mediaType, ...providerOptions(part) }];
    case "custom":
      return [{ type: "custom", kind: part.kind, ...providerOptions(part) }];
    default:
      return isToolPart(part) && isAnsweredPart(part) ? callContent(part) : [];
  }
};

const isOurs = (part: ToolPart): boolean => part.providerExecuted !== true;

/**
 * Results of background tools that a message carries. A call can't have two results, and a call that the model did not make
 * lacks what providers sign: so they are told from the side of the person, and say that they aren't of the person.
 */
const resultMessages = (parts: readonly Part[]): ModelMessage[] => {
  const content = toolResultParts(parts).map(({ data }) => ({ type: "text" as const, text: toolResultText(data) }));
  return content.length === 0 ? [] : [{ role: "user", content }];
};

/** What a model reads of an answer: what it carries, then for each step what was said and called, then what the calls gave (C5). Calls without a result are left out. */
export const assistantMessages = (parts: readonly Part[]): ModelMessage[] => {
  const messages: ModelMessage[] = resultMessages(parts);
  let step: Part[] = [];
  const close = (): void => {
    const content = step.flatMap(assistantContent);
    const results = step.filter(isToolPart).filter(isOurs).flatMap(resultOf);
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
