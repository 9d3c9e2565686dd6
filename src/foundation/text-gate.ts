import { NatterError } from "./errors.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** True when PostgreSQL stores this text unchanged: no NUL, no lone surrogate. */
export const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0");

/** The text as PostgreSQL can store it: lone surrogates become U+FFFD, NUL is left out. */
export const gateText = (text: string): string => {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  return wellFormed.includes("\0") ? wellFormed.replaceAll("\0", "") : wellFormed;
};

/**
 * The text itself, for what a client sends: it is told instead of repaired. `what` names the field in the message.
 * @throws NatterError `unprocessable`
 */
export const rejectText = (text: string, what = "The text"): string => {
  if (isStorable(text)) return text;
  throw new NatterError("unprocessable", `${what} holds a NUL or half a surrogate pair; send well-formed Unicode.`);
};

/** Gates a text that arrives in pieces. What `push` and then `end` return, joined, is `gateText` of the pieces joined. */
export interface DeltaGate {
  push(delta: string): string;
  end(): string;
}

const endsInHighSurrogate = (text: string): boolean => {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
};

/** A gate for one text; keeps a high surrogate back until its other half came or the text ends. */
export const createDeltaGate = (): DeltaGate => {
  let held = "";
  return {
    push(delta) {
      if (delta === "") return "";
      const text = held === "" ? delta : held + delta;
      if (!endsInHighSurrogate(text)) {
        held = "";
        return gateText(text);
      }
      held = text.slice(-1);
      return gateText(text.slice(0, -1));
    },
    end() {
      const rest = held;
      held = "";
      return gateText(rest);
    },
  };
};

export interface JsonLimits {
  /** Levels of arrays and objects, at most. */
  readonly maxDepth?: number;
  /** Bytes of UTF-8, counted as JSON without escapes, at most. */
  readonly maxBytes?: number;
}

interface Walk {
  readonly maxDepth: number;
  readonly maxBytes: number;
  bytes: number;
}

const refuse = (why: string): NatterError =>
  new NatterError("unprocessable", `This is no JSON that can be stored: ${why}.`);

const spend = (walk: Walk, bytes: number): void => {
  walk.bytes += bytes;
  if (walk.bytes > walk.maxBytes)
    throw new NatterError("too_large", `This is more than ${walk.maxBytes} bytes of JSON.`);
};

const gateString = (walk: Walk, text: string): string => {
  spend(walk, text.length + 2);
  const gated = gateText(text);
  spend(walk, Buffer.byteLength(gated) - text.length);
  return gated;
};

const gateItem = (walk: Walk, item: unknown, depth: number): Json => {
  spend(walk, 1);
  return gateValue(walk, item, depth) ?? null;
};

const gateObject = (walk: Walk, value: object, depth: number): Json => {
  if (depth > walk.maxDepth) throw refuse(`it is deeper than ${walk.maxDepth} levels, or refers to itself`);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) throw refuse("it holds raw bytes");
  if ("toJSON" in value && typeof value.toJSON === "function")
    return gateValue(walk, value.toJSON(), depth + 1) ?? null;
  spend(walk, 2);
  if (Array.isArray(value)) return Array.from(value, (item) => gateItem(walk, item, depth + 1));
  const copy: { [key: string]: Json } = {};
  for (const [key, member] of Object.entries(value)) {
    if (key === "__proto__") continue;
    const gated = gateValue(walk, member, depth + 1);
    if (gated !== undefined) copy[gateString(walk, key)] = gated;
  }
  return copy;
};

const gateValue = (walk: Walk, value: unknown, depth: number): Json | undefined => {
  switch (typeof value) {
    case "string":
      return gateString(walk, value);
    case "number":
      if (!Number.isFinite(value)) throw refuse("it holds a number that is not finite");
      spend(walk, 2);
      return value === 0 ? 0 : value;
    case "boolean":
      spend(walk, 5);
      return value;
    case "bigint":
      throw refuse("it holds a bigint");
    case "object":
      if (value !== null) return gateObject(walk, value, depth);
      spend(walk, 5);
      return null;
    default:
      return undefined;
  }
};

/**
 * A copy of a value as the JSON that PostgreSQL can store: read as `JSON.stringify` reads it, texts and keys gated,
 * `__proto__` keys left out.
 * @throws NatterError `unprocessable` when it is too deep, cyclic, or holds a bigint, raw bytes or a number that is
 * not finite; `too_large` above `maxBytes` (default 1 MiB)
 */
export const gateJson = (value: unknown, { maxDepth = 64, maxBytes = 1_048_576 }: JsonLimits = {}): Json => {
  try {
    return gateValue({ maxDepth, maxBytes, bytes: 0 }, value, 1) ?? null;
  } catch (thrown) {
    if (thrown instanceof NatterError) throw thrown;
    throw new NatterError("unprocessable", "This value cannot be read as JSON.", { cause: thrown });
  }
};
