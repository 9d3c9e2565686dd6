import type { Token, Tokens } from "marked";
import { isKnownToken } from "./known-token.ts";

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const isEqual = (left: unknown, right: unknown): boolean => {
  if (Object.is(left, right)) return true;
  if (!isRecord(left) || !isRecord(right)) return false;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => isEqual(left[key], right[key]));
};

const reuseEach = <Item>(was: readonly Item[], is: readonly Item[], reuse: (was: Item, is: Item) => Item): Item[] =>
  is.map((item, index) => {
    const before = was[index];
    return before === undefined ? item : reuse(before, item);
  });

const reuseWhole = <Item>(was: Item, is: Item): Item => (isEqual(was, is) ? was : is);

const reuseItem = (was: Tokens.ListItem, is: Tokens.ListItem): Tokens.ListItem =>
  isEqual(was, is) ? was : { ...is, tokens: reuseEach(was.tokens, is.tokens, reuseToken) };

const reuseToken = (was: Token, is: Token): Token => {
  if (isEqual(was, is)) return was;
  if (!isKnownToken(was) || !isKnownToken(is)) return is;
  if (was.type === "list" && is.type === "list") return { ...is, items: reuseEach(was.items, is.items, reuseItem) };
  if (was.type === "table" && is.type === "table") return { ...is, rows: reuseEach(was.rows, is.rows, reuseWhole) };
  if (was.type !== "blockquote" || is.type !== "blockquote") return is;
  return { ...is, tokens: reuseEach(was.tokens, is.tokens, reuseToken) };
};

/** `next` with every token that says the same as its predecessor replaced by it, so that nothing is painted twice. */
export const reuseTokens = (previous: readonly Token[], next: readonly Token[]): readonly Token[] =>
  reuseEach(previous, next, reuseToken);
