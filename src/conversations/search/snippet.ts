import type { Snippet } from "../../protocol/search.ts";

const longest = 200;
const leading = 60;
/** Blanks may stand many together: so much is looked at on each side. */
const around = 2_000;

const isSplit = (text: string, place: number): boolean => /[\uDC00-\uDFFF]/.test(text[place] ?? "");

const flatten = (text: string): string => text.replaceAll(/\s+/gu, " ");

/** The first place of a text that shows one of the words, with what stands around it. */
export const snippetOf = (text: string, words: RegExp | null): Snippet => {
  const found = words === null ? 0 : Math.max(0, text.search(words));
  const from = Math.max(0, found - around);
  const before = flatten(text.slice(from, found)).trimStart();
  const flat = `${before}${flatten(text.slice(found, found + around))}`.trim();
  const begin = Math.max(0, before.length - leading);
  const start = isSplit(flat, begin) ? begin + 1 : begin;
  const end = start + longest;
  const shown = flat.slice(start, isSplit(flat, end) ? end - 1 : end);
  const matches = words === null ? [] : [...shown.matchAll(words)];
  return {
    text: shown,
    isCutBefore: start > 0 || /\S/u.test(text.slice(0, from)),
    isCutAfter: start + shown.length < flat.length || /\S/u.test(text.slice(found + around)),
    matches: matches.map(({ 0: match, index }) => ({ start: index, end: index + match.length })),
  };
};
