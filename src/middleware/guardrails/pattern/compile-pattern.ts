import { createRequire } from "node:module";
import type * as Re2 from "re2js";
import { NatterError } from "../../../foundation/errors.ts";
import { parsePattern } from "./parse-pattern.ts";
import { beginOf, longestMatch } from "./pattern-tree.ts";

/** Where something is in a text: from, and up to but not with. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An expression that takes time linear in the text, whatever the text is. */
export interface LinearPattern {
  /** As RE2 reads it. */
  readonly source: string;
  /** Whether it is anywhere in a text; many times faster than finding where. */
  test(text: string): boolean;
  /** All of its matches at or after `from`, without empty ones. */
  findAll(text: string, from: number): readonly Span[];
  /** Where a match may begin that the text's end cuts off, at or after `from`; the text's length when none may. */
  findBegun(text: string, from: number): number;
}

const require = createRequire(import.meta.url);
let loaded: typeof Re2 | undefined;

const loadRe2 = (): typeof Re2 => {
  try {
    return (loaded ??= require("re2js"));
  } catch (cause) {
    throw new NatterError("unprocessable", "guardrails() with patterns need re2js: npm install re2js", { cause });
  }
};

/** A match that is longer is caught only where it comes in one piece; what waits for its end is held back no longer. */
export const longestHeld = 4_096;
const largestProgram = 20_000;

const flagsOf = (given: string): string => {
  const known = given.replaceAll(/[^ims]/g, "");
  return known === "" ? "" : `(?${known})`;
};

const sourceAndFlags = (pattern: string | RegExp): { source: string; flags: string } => {
  if (typeof pattern === "string") return { source: pattern, flags: "" };
  return { source: pattern.source, flags: flagsOf(pattern.flags) };
};

const refuse = (source: string, why: string, cause?: unknown): NatterError =>
  new NatterError("unprocessable", `The pattern ${JSON.stringify(source.slice(0, 200))} can't be used: ${why}`, {
    cause,
  });

const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

const compileOne = ({ RE2JS }: typeof Re2, source: string): Re2.RE2JS => {
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > largestProgram) throw new Error("it is too large");
    return compiled;
  } catch (cause) {
    throw refuse(source, `${messageOf(cause)}. Patterns are those of RE2: no lookaround, no backreferences.`, cause);
  }
};

/**
 * Compiles an expression of RE2, or one of JavaScript that RE2 takes: whatever could backtrack is refused.
 * @throws NatterError `unprocessable`
 */
export const compilePattern = (pattern: string | RegExp): LinearPattern => {
  const re2 = loadRe2();
  const { source: given, flags } = sourceAndFlags(pattern);
  const source = `${flags}${given}`;
  const whole = compileOne(re2, source);
  if (whole.test("")) throw refuse(given, "it matches where there is nothing.");
  const tree = parsePattern(source);
  if (tree === null) throw refuse(given, "it is written in an unusual way; write it more simply.");
  const begun = compileOne(re2, `(?:${beginOf(tree)})\\z`);
  const longest = Math.min(longestMatch(tree), longestHeld);
  return {
    source,
    test: (text) => whole.test(text),
    findAll(text, from) {
      const spans: Span[] = [];
      const matcher = whole.matcher(text);
      for (let at = from; at <= text.length && matcher.find(at);) {
        const span = { start: matcher.start(), end: matcher.end() };
        if (span.end > span.start) spans.push(span);
        at = Math.max(span.end, at + 1);
      }
      return spans;
    },
    findBegun(text, from) {
      const window = Math.max(from, text.length - longest);
      const matcher = begun.matcher(text);
      return matcher.find(window) ? matcher.start() : text.length;
    },
  };
};

/** Whether any of these is anywhere in a text, in the time of one. */
export const detectAny = (patterns: readonly LinearPattern[]): ((text: string) => boolean) => {
  if (patterns.length === 0) return () => false;
  const any = compileOne(loadRe2(), patterns.map(({ source }) => `(?:${source})`).join("|"));
  return (text) => any.test(text);
};
