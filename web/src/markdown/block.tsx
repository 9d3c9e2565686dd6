import type { Token, Tokens } from "marked";
import { memo, type ReactNode } from "react";
import { Checkbox } from "./checkbox.tsx";
import { CodeBlock } from "./code-block.tsx";
import { Formula } from "./maths/formula.tsx";
import { inlines } from "./inline.tsx";
import { type AnyToken, isKnownToken } from "./text/known-token.ts";
import { PlainText } from "./plain-text.tsx";
import { TableBlock } from "./table-block.tsx";

const headings = ["h2", "h3", "h4", "h5", "h6", "h6"] as const;
const longestFlow = 20_000;

type Direction = "auto" | undefined;

const Item = memo(({ item }: Readonly<{ item: Tokens.ListItem }>) => (
  <li className={item.task ? "md-task" : undefined}>{blocks(item.tokens)}</li>
));

const listOf = (list: Tokens.List, dir: Direction): ReactNode => {
  const items = list.items.map((item, index) => <Item key={index} item={item} />);
  const start = list.start === "" || list.start === 1 ? undefined : list.start;
  return list.ordered ? (
    <ol start={start} dir={dir}>
      {items}
    </ol>
  ) : (
    <ul dir={dir}>{items}</ul>
  );
};

const blockOf = (token: AnyToken, dir: Direction): ReactNode => {
  if (!isKnownToken(token)) return token.raw;
  switch (token.type) {
    case "paragraph":
      if (token.text.length > longestFlow) return <PlainText text={token.text} />;
      return <p dir={dir}>{inlines(token.tokens)}</p>;
    case "heading": {
      const Heading = headings[token.depth - 1] ?? "h6";
      return <Heading dir={dir}>{inlines(token.tokens)}</Heading>;
    }
    case "list":
      return listOf(token, dir);
    case "code":
      return <CodeBlock code={token.text} info={token.lang ?? ""} />;
    case "table":
      return <TableBlock token={token} dir={dir} />;
    case "blockquote":
      return <blockquote dir={dir}>{blocks(token.tokens)}</blockquote>;
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

/** One block, with the direction of its first letter; painted again only when its token is another. */
export const Block = memo(({ token }: Readonly<{ token: Token }>) => blockOf(token, "auto"));

const NestedBlock = memo(({ token }: Readonly<{ token: Token }>) => blockOf(token, undefined));

/** Blocks inside another: they read in the direction of the whole, which looks at no part that has one of its own. */
const blocks = (tokens: readonly Token[]): ReactNode =>
  tokens.map((token, index) => <NestedBlock key={index} token={token} />);
