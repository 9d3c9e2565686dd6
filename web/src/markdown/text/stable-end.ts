import type { Token } from "marked";

const reachingOpener = /\$\$|\\\[|\]:/;
const blankLineEnd = /\n[ \t]*\n$/;
const longestBlankLine = 80;

const isClosedByItself = (token: Token): boolean =>
  token.type === "heading" || token.type === "hr" || (token.type === "code" && token["codeBlockStyle"] === undefined);

/**
 * Up to where `source` reads the same, whatever is appended: the start of the last block that has a whole line and is
 * parted from the one before by an empty line or by that one's own end. Where TeX or a link definition was opened, only an
 * empty line parts.
 */
export const stableEnd = (tokens: readonly Token[], source: string): number => {
  let offset = 0;
  let chunk = 0;
  let stable = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "space" && index > 0) {
      if (!source.includes("\n", offset)) return stable;
      const isParted = blankLineEnd.test(source.slice(Math.max(0, offset - longestBlankLine), offset));
      if (isParted) chunk = offset;
      const before = tokens[index - 1];
      const isClosed =
        before !== undefined && isClosedByItself(before) && !reachingOpener.test(source.slice(chunk, offset));
      if (isParted || isClosed) stable = offset;
    }
    if (!source.startsWith(token.raw, offset)) return stable;
    offset += token.raw.length;
  }
  return stable;
};
