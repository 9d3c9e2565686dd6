import { detectAny, longestHeld, type LinearPattern, type Span } from "./pattern/compile-pattern.ts";

/** A pattern that is looked for, and what is said in place of a match; null: the match itself. */
export interface SoughtPattern {
  readonly rule: string;
  readonly pattern: LinearPattern;
  readonly replacement: string | null;
}

/** Patterns that are looked for together. */
export interface Sought {
  readonly patterns: readonly SoughtPattern[];
  /** Whether one of them is anywhere in a text. */
  readonly isIn: (text: string) => boolean;
}

export const lookFor = (patterns: readonly SoughtPattern[]): Sought => ({
  patterns,
  isIn: detectAny(patterns.map(({ pattern }) => pattern)),
});

/** What a piece adds to what may be shown. */
export interface Scanned {
  /** What may be shown now, with matches replaced. */
  readonly text: string;
  /** Rules of which something was found, in this piece. */
  readonly found: ReadonlySet<string>;
}

interface Finding extends Span {
  readonly sought: readonly SoughtPattern[];
}

/** Findings that overlap, as one. */
const merge = (findings: readonly Finding[]): Finding[] => {
  const merged: Finding[] = [];
  for (const finding of findings.toSorted((left, right) => left.start - right.start || right.end - left.end)) {
    const before = merged.at(-1);
    if (before === undefined || finding.start >= before.end) merged.push(finding);
    else
      merged[merged.length - 1] = {
        start: before.start,
        end: Math.max(before.end, finding.end),
        sought: [...before.sought, ...finding.sought],
      };
  }
  return merged;
};

/**
 * Looks for patterns in a text that comes in pieces. What may still become a match is held back, and nothing else; of
 * an expression without an end at most 4,096 characters.
 */
export class TextScanner {
  readonly #sought: Sought;
  /** One character that was shown, because some expressions look at what stands before. */
  #before = "";
  #held = "";

  constructor(sought: Sought) {
    this.#sought = sought;
  }

  /** Adds a piece; with `isLast` nothing is held back any more. */
  push(piece: string, isLast = false): Scanned {
    const text = this.#before + this.#held + piece;
    const from = this.#before.length;
    if (text.length === from) return { text: "", found: new Set() };
    const findings = this.#sought.isIn(text) ? this.#find(text, from) : [];
    const until = isLast ? text.length : this.#settledUntil(text, from, findings);
    const decided = findings.filter(({ end }) => end <= until);
    this.#held = text.slice(until);
    this.#before = until > 0 ? text.slice(until - 1, until) : this.#before;
    return {
      text: replaceAll(text, { start: from, end: until }, decided),
      found: new Set(decided.flatMap(({ sought }) => sought.map(({ rule }) => rule))),
    };
  }

  #find(text: string, from: number): Finding[] {
    const present = this.#sought.patterns.filter(({ pattern }) => pattern.test(text));
    return merge(
      present.flatMap((sought) => sought.pattern.findAll(text, from).map((span) => ({ ...span, sought: [sought] }))),
    );
  }

  /** Up to where nothing that comes can change what was found. */
  #settledUntil(text: string, from: number, findings: readonly Finding[]): number {
    const begun = this.#sought.patterns.map(({ pattern }) => pattern.findBegun(text, from));
    const open = Math.max(Math.min(text.length, ...begun), Math.min(text.length - longestHeld, text.length));
    const until = Math.max(from, open);
    const cut = findings.find(({ start, end }) => start < until && until < end);
    return cut === undefined || text.length - cut.start > 2 * longestHeld ? Math.max(until, from) : cut.start;
  }
}

const replaceAll = (text: string, { start, end }: Span, findings: readonly Finding[]): string => {
  let shown = "";
  let at = start;
  for (const finding of findings) {
    const replacement = finding.sought.find((sought) => sought.replacement !== null)?.replacement;
    shown += text.slice(at, finding.start) + (replacement ?? text.slice(finding.start, finding.end));
    at = finding.end;
  }
  return shown + text.slice(at, end);
};
