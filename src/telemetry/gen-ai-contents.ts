import type { Part } from "../protocol/message/chunk.ts";
import { isToolPart } from "../protocol/message/fold.ts";
import type { ModelCall, ModelMessage } from "../protocol/agent/model.ts";
import type { Attributes } from "../protocol/agent/telemetry.ts";

/** A part of a message by the JSON schemas of the conventions; a file is named and not held. */
type ContentPart = Readonly<Record<string, unknown>>;

const shownCharacters = 16_000;

const shown = (text: string): string => text.slice(0, shownCharacters);

type MessagePart = Exclude<ModelMessage["content"], string>[number];

const contentOf = (part: MessagePart): ContentPart => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return { type: part.type, content: shown(part.text) };
    case "tool-call":
      return { type: "tool_call", id: part.toolCallId, name: part.toolName, arguments: part.input };
    case "tool-result":
      return { type: "tool_call_response", id: part.toolCallId, response: part.output };
    default:
      return { type: part.type };
  }
};

const partsOf = ({ content }: ModelMessage): ContentPart[] =>
  typeof content === "string" ? [{ type: "text", content: shown(content) }] : content.map(contentOf);

/** What a model is told, for operators who want it in their traces. */
export const inputContents = ({ instructions, messages }: ModelCall): Attributes => ({
  ...(instructions === undefined
    ? {}
    : { "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: shown(instructions) }]) }),
  "gen_ai.input.messages": JSON.stringify(messages.map((message) => ({ role: message.role, parts: partsOf(message) }))),
});

const saidPart = (part: Part): ContentPart[] => {
  if (part.type === "text" || part.type === "reasoning") return [{ type: part.type, content: shown(part.text) }];
  if (!isToolPart(part)) return [];
  return [{ type: "tool_call", id: part.toolCallId, name: part.type.slice("tool-".length), arguments: part.input }];
};

/** What a model said. */
export const outputContents = (parts: readonly Part[], finishReason: string): Attributes => ({
  "gen_ai.output.messages": JSON.stringify([
    { role: "assistant", parts: parts.flatMap(saidPart), finish_reason: finishReason },
  ]),
});
