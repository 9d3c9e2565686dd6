import { readJson } from "../exchange/json.ts";
import { readFrame } from "./frame.ts";

/**
 * What the frames of one stream have in common around their content. A frame `head + literal + tail`, whose literal is
 * a JSON string, says that string as text and nothing else.
 */
export interface Template {
  readonly head: string;
  readonly tail: string;
}

const contentKey = /"content"\s*:\s*(?=")/;
const literal = /"(?:[^"\\]|\\.)*"/y;
/** What a JSON string cannot hold as it is: quote, backslash, control characters. */
const notPlain = /[^ !#-[\]-\uffff]/;
/** Longer frames are rare, and better parsed. */
const maxLength = 4096;
const probe = "a text that no provider sends 7f3a";

/** The template that a frame fits, or null when it says anything but one text. */
export const learnTemplate = (data: string): Template | null => {
  if (data.length > maxLength) return null;
  const key = contentKey.exec(data);
  if (key === null) return null;
  literal.lastIndex = key.index + key[0].length;
  const found = literal.exec(data);
  if (found === null) return null;
  const head = data.slice(0, found.index);
  const tail = data.slice(literal.lastIndex);
  // A text found between head and tail that reads back as the frame's only word proves that any other string literal
  // there does too: JSON's grammar lets one string literal stand for another.
  const read = readJson(`${head}"${probe}"${tail}`);
  if (!("value" in read)) return null;
  const { said, toolCalls, isRefusal, finish, usage, error } = readFrame(read.value);
  const [only] = said;
  const isText = said.length === 1 && only?.type === "text" && only.delta === probe;
  const isOnly =
    toolCalls.length === 0 && !isRefusal && finish === undefined && usage === undefined && error === undefined;
  return isText && isOnly ? { head, tail } : null;
};

/** The text that a frame says, when it fits the template; else null. */
export const matchTemplate = ({ head, tail }: Template, data: string): string | null => {
  const end = data.length - tail.length - 1;
  // comparing a slice is memcmp, where startsWith goes character by character
  if (end <= head.length || data.slice(0, head.length) !== head || !data.endsWith(tail)) return null;
  if (data.charCodeAt(head.length) !== 34 || data.charCodeAt(end) !== 34) return null;
  const text = data.slice(head.length + 1, end);
  if (!notPlain.test(text)) return text;
  const read = readJson(data.slice(head.length, end + 1));
  return "value" in read && typeof read.value === "string" ? read.value : null;
};
