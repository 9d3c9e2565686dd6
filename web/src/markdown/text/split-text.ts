import type { Links, Token } from "marked";
import { completeText } from "./complete-text.ts";
import { type InlineMemory, readBlocks } from "./lexer.ts";
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
  inlines: InlineMemory["before"];
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
  inlines: new Map(),
};

const carriageReturn = /\r\n?/g;
const withNewlines = (text: string): string => (text.includes("\r") ? text.replace(carriageReturn, "\n") : text);

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

/** Of two definitions of a label the first holds. */
const mergeLinks = (found: readonly Links[]): Links =>
  found.reduceRight<Links>((merged, links) => Object.assign(merged, links), noLinks());

/** The blocks of `text`, made from those of `previous` when it only grew. */
export const splitText = (previous: SplitText, text: string, isStreaming: boolean): SplitText => {
  const whole = withNewlines(text);
  if (whole === previous.text && isStreaming === previous.isStreaming) return previous;
  const base = whole.startsWith(previous.text) ? previous : emptyText;
  const tail = whole.slice(base.parsed, longestParsed);
  const tailBlocks = readBlocks(tail);
  const end = isStreaming || base !== emptyText ? stableEnd(tailBlocks.tokens, tail) : 0;
  const source = tail.slice(end);
  const shown = isStreaming ? completeText(source) : source;
  const open = end === 0 && shown === source ? tailBlocks : readBlocks(shown);
  const added = end > 0 ? readBlocks(tail.slice(0, end)) : null;

  const defined = [...base.batches.map(({ links }) => links), ...(added ? [added.links] : [])];
  const links = mergeLinks([...defined, open.links]);
  const isRelinked = changedLabels(base.links, links).length > 0;
  const kept = isRelinked ? relink(base.batches, links) : base.batches;
  const memory: InlineMemory = { before: isRelinked ? emptyText.inlines : base.inlines, now: new Map() };
  const addedTokens = added ? added.finish(links, memory) : [];
  const tokens = reuseTokens(base.open, [...addedTokens, ...open.finish(links, memory)]);
  const settled = tokens.slice(0, addedTokens.length);
  const batches = added ? [...kept, { source: tail.slice(0, end), links: added.links, tokens: settled }] : kept;
  return {
    text: whole,
    isStreaming,
    batches,
    parsed: base.parsed + end,
    links,
    frozen: batches === base.batches ? base.frozen : batches.flatMap((batch) => batch.tokens),
    open: tokens.slice(addedTokens.length),
    rest: whole.slice(longestParsed),
    inlines: memory.now,
  };
};
