import type { Snippet } from "../../protocol/search.ts";

const longest = 200;
const leading = 60;

const isSplit = (text: string, place: number): boolean => /[\uDC00-\uDFFF]/.test(text[place] ?? "");

/** The first place of a text that shows one of the words, with what stands around it. */
export const snippetOf = (text: string, words: RegExp | null): Snippet => {
  const flat = text.replaceAll(/\s+/gu, " ").trim();
  const first = words === null ? -1 : flat.search(words);
  const begin = Math.max(0, first - leading);
  const start = isSplit(flat, begin) ? begin + 1 : begin;
  const end = start + longest;
  const shown = flat.slice(start, isSplit(flat, end) ? end - 1 : end);
  const matches = words === null ? [] : [...shown.matchAll(words)];
  return {
    text: shown,
    isCutBefore: start > 0,
    isCutAfter: start + shown.length < flat.length,
    matches: matches.map(({ 0: match, index }) => ({ start: index, end: index + match.length })),
  };
};
