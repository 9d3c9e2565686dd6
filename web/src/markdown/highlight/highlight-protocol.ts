/** Code of one block to be coloured, from line `from` on; the lines before it were sent already. */
export type HighlightRequest = Readonly<{ id: number; language: string; from: number; lines: readonly string[] }>;

/** The colours of lines: for each, pairs of a length and an index into `tokenKinds`. */
export type HighlightedLine = readonly number[];

/** The answer to a request; `lines` is null when the worker no longer knows the lines before, and wants all again. */
export type HighlightReply = Readonly<{ id: number; from: number; lines: readonly HighlightedLine[] | null }>;

/** What a piece of code is; the first is nothing in particular. */
export const tokenKinds = [
  "foreground",
  "token-comment",
  "token-keyword",
  "token-string",
  "token-string-expression",
  "token-constant",
  "token-function",
  "token-parameter",
  "token-punctuation",
  "token-link",
  "token-inserted",
  "token-deleted",
] as const;
