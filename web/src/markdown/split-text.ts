import type { Links, Token } from "marked";
import remend from "remend";
import { readBlocks } from "./lexer.ts";
import { reuseTokens } from "./reuse-tokens.ts";
import { stableEnd } from "./stable-end.ts";

const longestParsed = 400_000;

type Batch = Readonly<{ source: string; links: Links; tokens: readonly Token[] }>;

/**
 * A text in blocks. The first `frozen` of `tokens` never change while the text only grows (unless a link definition
 * arrives that they name); the others belong to the open end. `rest` is what is too long to be parsed.
 */
export type SplitText = Readonly<{
  text: string;
  isStreaming: boolean;
  batches: readonly Batch[];
  parsed: number;
  links: Links;
  frozen: readonly Token[];
  open: readonly Token[];
  rest: string;
}>;

const noLinks = (): Links => Object.create(null);

/** What `splitText` begins with. */
export const emptyText: SplitText = {
  text: "",
  isStreaming: false,
  batches: [],
  parsed: 0,
  links: noLinks(),
  frozen: [],
  open: [],
  rest: "",
};

const carriageReturn = /\r\n?/g;
const withNewlines = (text: string): string => (text.includes("\r") ? text.replace(carriageReturn, "\n") : text);

/** Rules that would show a finished text in another way than the unfinished one stay off. */
const completion = {
  linkMode: "text-only",
  images: false,
  htmlTags: false,
  singleTilde: false,
  comparisonOperators: false,
} as const;

const isSameLink = (links: Links, others: Links, label: string): boolean =>
  links[label]?.href === others[label]?.href && links[label]?.title === others[label]?.title;

const changedLabels = (links: Links, others: Links): readonly string[] =>
  [...new Set([...Object.keys(links), ...Object.keys(others)])].filter((label) => !isSameLink(links, others, label));

const relink = (batches: readonly Batch[], links: Links): readonly Batch[] =>
  batches.map((batch) => {
    if (!batch.source.includes("[")) return batch;
    const tokens = readBlocks(batch.source).finish(links);
    return { ...batch, tokens: reuseTokens(batch.tokens, tokens) };
  });

const mergeLinks = (batches: readonly Batch[], open: Links): Links =>
  batches.reduceRight<Links>((merged, batch) => Object.assign(merged, batch.links), Object.assign(noLinks(), open));

/** The blocks of `text`, made from those of `previous` when it only grew. */
export const splitText = (previous: SplitText, text: string, isStreaming: boolean): SplitText => {
  const whole = withNewlines(text);
  if (whole === previous.text && isStreaming === previous.isStreaming) return previous;
  const base = whole.startsWith(previous.text) ? previous : emptyText;
  const tail = whole.slice(base.parsed, longestParsed);
  const tailBlocks = readBlocks(tail);
  const end = isStreaming || base !== emptyText ? stableEnd(tailBlocks.tokens, tail) : 0;
  const source = tail.slice(end);
  const shown = isStreaming ? remend(source, completion) : source;
  const open = end === 0 && shown === source ? tailBlocks : readBlocks(shown);
  const added = end > 0 ? [{ source: tail.slice(0, end), blocks: readBlocks(tail.slice(0, end)) }] : [];
  const addedLinks = added.map(({ blocks }) => blocks.links);
  const found = mergeLinks(
    base.batches,
    mergeLinks(
      addedLinks.map((links) => ({ source: "", links, tokens: [] })),
      open.links,
    ),
  );
  const kept = changedLabels(base.links, found).length > 0 ? relink(base.batches, found) : base.batches;
  const batches = [
    ...kept,
    ...added.map(({ source: of, blocks }) => ({
      source: of,
      links: { ...blocks.links },
      tokens: blocks.finish(found),
    })),
  ];
  return {
    text: whole,
    isStreaming,
    batches,
    parsed: base.parsed + end,
    links: found,
    frozen: batches.flatMap((batch) => batch.tokens),
    open: reuseTokens(base.open, open.finish(found)),
    rest: whole.slice(longestParsed),
  };
};
