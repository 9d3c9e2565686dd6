import type { ModelCall, ModelMessage } from "../protocol/model.ts";

const bytesPerToken = 4;
const tokensPerMessage = 4;
const tokensPerFile = 1000;

/**
 * Tokens of a text, about: a quarter of its bytes in UTF-8, which fits English within some 20 % and counts other scripts
 * (two to four bytes a character) in proportion. Never 0 for a text that says something.
 */
const ofText = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken);

const ofMessage = ({ content }: ModelMessage): number => {
  if (typeof content === "string") return ofText(content);
  let tokens = 0;
  for (const part of content) {
    if (part.type === "text" || part.type === "reasoning") tokens += ofText(part.text);
    else if (part.type === "file" || part.type === "image" || part.type === "reasoning-file") tokens += tokensPerFile;
    else tokens += ofText(JSON.stringify(part));
  }
  return tokens;
};

/** Tokens of a text, or of messages: 4 more for each message, 1,000 for each file. An estimate, for windows and budgets. */
export const estimateTokens = (input: string | readonly ModelMessage[]): number =>
  typeof input === "string"
    ? ofText(input)
    : input.reduce((tokens, message) => tokens + tokensPerMessage + ofMessage(message), 0);

/** Tokens of everything that a call sends: instructions, messages and tools. */
export const estimateCallTokens = ({ instructions = "", messages, tools }: ModelCall): number =>
  ofText(instructions) + estimateTokens(messages) + (tools.length === 0 ? 0 : ofText(JSON.stringify(tools)));
