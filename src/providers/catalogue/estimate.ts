import type { ModelCall, ModelMessage } from "../../protocol/agent/model.ts";
import { measureMessage } from "./measure-content.ts";

const bytesPerToken = 4;
const tokensPerMessage = 4;
/** A file's bytes are not text; providers charge about this much for an image. */
export const tokensPerFile = 1_000;

/**
 * Tokens of a text, about: a quarter of its bytes in UTF-8, which fits English within some 20 % and counts other scripts
 * (two to four bytes a character) in proportion. Never 0 for a text that says something.
 */
const ofText = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesPerToken);

const ofMessage = (message: ModelMessage): number =>
  measureMessage(message).reduce((tokens, { text, files }) => tokens + ofText(text) + files * tokensPerFile, 0);

/** Tokens of a text, or of messages: 4 more for each message, 1,000 for each file. An estimate, for windows and budgets. */
export const estimateTokens = (input: string | readonly ModelMessage[]): number =>
  typeof input === "string"
    ? ofText(input)
    : input.reduce((tokens, message) => tokens + tokensPerMessage + ofMessage(message), 0);

/** Tokens of everything that a call sends: instructions, messages and tools. */
export const estimateCallTokens = ({ instructions = "", messages, tools }: ModelCall): number =>
  ofText(instructions) + estimateTokens(messages) + (tools.length === 0 ? 0 : ofText(JSON.stringify(tools)));
