import type { Lexer as MarkedLexer, Token, Tokens } from "marked";
import { escapeHtml } from "./escape-html.ts";

const longestInline = 20_000;
/** More than sixteen blocks in each other: nobody writes that, and reading it costs the square of its depth. */
const isNestedTooDeeply = /^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}[.)][ \t])){17}/m;
const entity = /&(#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});/y;
const linkable = new Set(["http:", "https:", "mailto:"]);

/** Text of Markdown, whose entities stay what they are: they become characters, never marks. */
const escapeText = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (mark, at: number) => {
    entity.lastIndex = at;
    return mark === "&" && entity.test(text) ? mark : escapeHtml(mark);
  });

const inner = (tokens: readonly Token[] | undefined): string => (tokens ?? []).map(render).join("");

const link = (href: string, content: string): string => {
  const address = href.replaceAll("&amp;", "&").trim();
  if (!URL.canParse(address) || !linkable.has(new URL(address).protocol)) return content;
  return `<a href="${escapeHtml(new URL(address).href)}" rel="nofollow noopener noreferrer">${content}</a>`;
};

const list = ({ ordered, start, items }: Tokens.List): string => {
  const content = items.map(({ tokens }) => `<li>${inner(tokens)}</li>`).join("");
  return ordered ? `<ol start="${Number(start) || 1}">${content}</ol>` : `<ul>${content}</ul>`;
};

const row = (cells: readonly Tokens.TableCell[], name: "td" | "th"): string =>
  `<tr>${cells.map(({ tokens }) => `<${name}>${inner(tokens)}</${name}>`).join("")}</tr>`;

const isList = (token: Token): token is Tokens.List => token.type === "list";
const isTable = (token: Token): token is Tokens.Table => token.type === "table";

/** Which elements hold which tokens. */
const wrapping: Readonly<Record<string, string>> = {
  paragraph: "p",
  blockquote: "blockquote",
  strong: "strong",
  em: "em",
  del: "del",
};

const textOf = (token: Token): string => ("text" in token && typeof token.text === "string" ? token.text : token.raw);
const hrefOf = (token: Token): string => ("href" in token && typeof token.href === "string" ? token.href : "");
const tokensOf = (token: Token): readonly Token[] | undefined => ("tokens" in token ? token.tokens : undefined);

const render = (token: Token): string => {
  const element = wrapping[token.type];
  if (element !== undefined) return `<${element}>${inner(tokensOf(token))}</${element}>`;
  if (isList(token)) return list(token);
  if (isTable(token))
    return `<table><thead>${row(token.header, "th")}</thead><tbody>${token.rows.map((cells) => row(cells, "td")).join("")}</tbody></table>`;
  switch (token.type) {
    case "heading":
      return `<h3>${inner(tokensOf(token))}</h3>`;
    case "code":
      return `<pre><code>${escapeHtml(textOf(token))}</code></pre>`;
    case "codespan":
      return `<code>${escapeHtml(textOf(token))}</code>`;
    case "hr":
      return "<hr>";
    case "br":
      return "<br>";
    case "space":
    case "def":
      return "";
    case "link":
      return link(hrefOf(token), inner(tokensOf(token)));
    // a picture from elsewhere would tell its host who looks
    case "image":
      return link(hrefOf(token), escapeText(textOf(token) === "" ? "image" : textOf(token)));
    case "checkbox":
      return "checked" in token && token.checked === true ? "☑ " : "☐ ";
    case "escape":
    case "html":
      return escapeHtml(textOf(token));
    default:
      return tokensOf(token) === undefined ? escapeText(textOf(token)) : inner(tokensOf(token));
  }
};

const plain = (text: string): string => `<pre class="plain">${escapeHtml(text)}</pre>`;

/** @returns null where a paragraph is longer than what marked's expressions remember of one may grow */
const read = (text: string, Lexer: typeof MarkedLexer): readonly Token[] | null => {
  const lexer = new Lexer({ gfm: true });
  try {
    const tokens = lexer.blockTokens(text, []);
    for (const { src, tokens: target } of lexer.inlineQueue)
      if (src.length <= longestInline) lexer.inlineTokens(src, target);
      else target.push({ type: "text", raw: src, text: src });
    return tokens;
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
};

/** Markdown (GFM) as HTML that runs nothing and loads nothing: each element is made here, and all text is escaped. */
export const renderMarkdown = async (text: string): Promise<string> => {
  if (isNestedTooDeeply.test(text)) return plain(text);
  const marked = await import("marked").catch(() => null);
  const tokens = marked === null ? null : read(text, marked.Lexer);
  return tokens === null ? plain(text) : tokens.map(render).join("\n");
};
