import { NatterError } from "../../foundation/errors.ts";
import { rejectText } from "../../foundation/text-gate.ts";

const maxDepth = 64;
const maxItems = 10_000;
const quote = 0x22;
const backslash = 0x5c;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Why a body is no JSON that is taken. */
export const invalidJson = (what: string, cause?: unknown): NatterError =>
  new NatterError("invalid_json", `The body is no JSON that can be taken: ${what}.`, { cause });

/** Index after the string that begins at `start`; the end of the text when it is not closed. */
const skipString = (text: string, start: number): number => {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end + 1;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
};

/** How many members the objects of the text have together, before `JSON.parse` drops repeated ones. */
const countMembers = (text: string): number => {
  let members = 0;
  let commas = 0;
  let depth = 0;
  for (let at = 0; at < text.length;) {
    const character = text.charCodeAt(at);
    if (character === quote) {
      at = skipString(text, at);
      continue;
    }
    at += 1;
    if (character === 0x3a) members += 1;
    else if (character === 0x2c) commas += 1;
    else if (character === 0x7b || character === 0x5b) depth += 1;
    else if (character === 0x7d || character === 0x5d) depth -= 1;
    if (depth > maxDepth) throw invalidJson(`it is nested deeper than ${maxDepth} levels`);
    if (members + commas > maxItems) throw invalidJson(`it holds more than ${maxItems} values`);
  }
  return members;
};

const checkNumber = (value: number): void => {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
    throw new NatterError("unprocessable", "The body holds a number that cannot be kept exactly; send it as text.");
  }
};

const checkKey = (key: string): void => {
  rejectText(key, "A key");
  if (key === "__proto__") throw new NatterError("unprocessable", "The body holds the key __proto__.");
};

/** Checks every value; returns how many members the objects have. */
const checkValue = (value: unknown): number => {
  if (typeof value === "string") rejectText(value);
  else if (typeof value === "number") checkNumber(value);
  else if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + checkValue(item), 0);
  else if (typeof value === "object" && value !== null) {
    let members = 0;
    for (const [key, member] of Object.entries(value)) {
      checkKey(key);
      members += 1 + checkValue(member);
    }
    return members;
  }
  return 0;
};

/**
 * A client's JSON (RFC 8259, I-JSON), or the reason why it isn't taken: depth, repeated keys, numbers that would change,
 * text that the database can't store.
 * @throws NatterError `invalid_json`, `unprocessable`
 */
export const parseJsonBody = (bytes: Uint8Array): unknown => {
  let value: unknown;
  let members: number;
  try {
    const text = decoder.decode(bytes);
    members = countMembers(text);
    value = JSON.parse(text);
  } catch (thrown) {
    throw thrown instanceof NatterError ? thrown : invalidJson("it cannot be read", thrown);
  }
  if (checkValue(value) !== members) throw invalidJson("an object has a key twice");
  return value;
};
