import type { ModelMessage } from "../../protocol/agent/model.ts";
import { isToolResultText } from "../../protocol/message/tool-result-part.ts";

const textsOf = (message: ModelMessage): readonly string[] => {
  if (message.role !== "user") return [];
  if (typeof message.content === "string") return [message.content];
  return message.content.flatMap((part) => (part.type === "text" ? [part.text] : []));
};

const isResult = (message: ModelMessage): boolean => {
  const texts = textsOf(message);
  return texts.length > 0 && texts.every(isToolResultText);
};

const tell = (text: string): string =>
  `Meanwhile the background told me:\n\n> \`${text.slice(text.indexOf("\n") + 1).replaceAll("`", "'")}\``;

export interface DemoResults {
  readonly told: string;
  /** The conversation without them; null: nobody wrote anything, and there is only them to tell. */
  readonly asked: readonly ModelMessage[] | null;
}

/** What came from the background since the last answer; null: nothing. */
export const demoResults = (messages: readonly ModelMessage[]): DemoResults | null => {
  const fresh = messages.slice(messages.findLastIndex(({ role }) => role === "assistant") + 1);
  const results = fresh.flatMap(textsOf).filter(isToolResultText);
  if (results.length === 0) return null;
  const isAsked = fresh.some((message) => message.role === "user" && !isResult(message));
  return {
    told: results.map(tell).join("\n\n"),
    asked: isAsked ? messages.filter((message) => !isResult(message)) : null,
  };
};
