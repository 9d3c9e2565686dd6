import type { Token, Tokens } from "marked";
import { memo, type ReactNode } from "react";
import { Checkbox } from "./checkbox.tsx";
import { CodeBlock } from "./code-block.tsx";
import { Formula } from "./formula.tsx";
import { inlines } from "./inline.tsx";
import { type AnyToken, isKnownToken } from "./known-token.ts";
import { PlainText } from "./plain-text.tsx";
import { TableBlock } from "./table-block.tsx";

const headings = ["h2", "h3", "h4", "h5", "h6", "h6"] as const;
const longestFlow = 20_000;

const Item = memo(({ item }: Readonly<{ item: Tokens.ListItem }>) => (
  <li className={item.task ? "md-task" : undefined} dir="auto">
    {blocks(item.tokens)}
  </li>
));

const listOf = (list: Tokens.List): ReactNode => {
  const items = list.items.map((item, index) => <Item key={index} item={item} />);
  const start = list.start === "" || list.start === 1 ? undefined : list.start;
  return list.ordered ? <ol start={start}>{items}</ol> : <ul>{items}</ul>;
};

const blockOf = (token: AnyToken): ReactNode => {
  if (!isKnownToken(token)) return token.raw;
  switch (token.type) {
    case "paragraph":
      if (token.text.length > longestFlow) return <PlainText text={token.text} />;
      return <p dir="auto">{inlines(token.tokens)}</p>;
    case "heading": {
      const Heading = headings[token.depth - 1] ?? "h6";
      return <Heading dir="auto">{inlines(token.tokens)}</Heading>;
    }
    case "list":
      return listOf(token);
    case "code":
      return <CodeBlock code={token.text} language={token.lang ?? ""} />;
    case "table":
      return <TableBlock token={token} />;
    case "blockquote":
      return <blockquote dir="auto">{blocks(token.tokens)}</blockquote>;
    case "hr":
      return <hr />;
    case "maths":
      return <Formula source={token.raw} tex={token.text} isDisplayed />;
    case "html":
      return <PlainText text={token.text.trimEnd()} />;
    case "checkbox":
      return <Checkbox isChecked={token.checked} />;
    case "space":
    case "def":
      return null;
    default:
      return inlines([token]);
  }
};

/** One block; painted again only when its token is another. */
export const Block = memo(({ token }: Readonly<{ token: Token }>) => blockOf(token));

/** Blocks inside a list item or a quotation. */
export const blocks = (tokens: readonly Token[]): ReactNode =>
  tokens.map((token, index) => <Block key={index} token={token} />);
