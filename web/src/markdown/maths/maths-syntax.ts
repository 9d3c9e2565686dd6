import type { Lexer, Token, TokenizerExtensionFunction } from "marked";

/** A formula: `raw` as written, `text` the TeX in it, `isDisplayed` when it stands on its own line. */
export type MathsToken = Readonly<{ type: "maths"; raw: string; text: string; isDisplayed: boolean }>;

const insideParagraph = String.raw`(?:(?!\n[ \t]*\n)[\s\S]){1,4000}?`;
const mostOpeners = 4;
const searched = 1_500;
const blockPattern = new RegExp(
  String.raw`^ {0,3}(?:\$\$(${insideParagraph})\$\$|\\\[(${insideParagraph})\\\])[ \t]*(?:\n|$)`,
);
const displayPattern = new RegExp(String.raw`^(?:\$\$(?!\$)(${insideParagraph})\$\$|\\\[(${insideParagraph})\\\])`);
const inlinePattern =
  /^(?:\$(?![\s$])((?:\\[^\n]|[^\\$\n])*?[^\s\\$])\$(?![\d$\w])|\\\(((?:(?!\n[ \t]*\n)[\s\S]){1,2000}?)\\\))/;
const blockOpener = /\n {0,3}(?:\$\$|\\\[)/;
const blankLine = /\n[ \t]*\n/;
const priceInWords = /^[\d.,]+\s?[^\s\d\\].*\s|^[\d.,]+[KMBkmb]?\s+[\p{L}]{2,}/u;

const mathsToken = (raw: string, text: string, isDisplayed: boolean): MathsToken => ({
  type: "maths",
  raw,
  text: text.trim(),
  isDisplayed,
});

const displayed = (match: RegExpExecArray | null): MathsToken | undefined => {
  const text = match?.[1] ?? match?.[2];
  return match && text?.trim() ? mathsToken(match[0], text, true) : undefined;
};

const block: TokenizerExtensionFunction = (source) => displayed(blockPattern.exec(source));

const wordBefore = /[\w$\\]$/;

const isPrice = (text: string): boolean => priceInWords.test(text);

const inline: TokenizerExtensionFunction = (source: string, tokens: readonly Token[]) => {
  const first = source.charCodeAt(0);
  if (first !== 36 && first !== 92) return undefined;
  const whole = displayed(displayPattern.exec(source));
  if (whole) return whole;
  const match = inlinePattern.exec(source);
  if (!match) return undefined;
  const [raw, dollars, brackets] = match;
  if (brackets !== undefined) return brackets.trim() ? mathsToken(raw, brackets, false) : undefined;
  if (dollars === undefined || isPrice(dollars) || wordBefore.test(tokens.at(-1)?.raw ?? "")) return undefined;
  return mathsToken(raw, dollars, false);
};

const startBlock = (source: string): number | undefined => {
  const near = source.slice(0, searched);
  const end = near.search(blankLine);
  const paragraph = end < 0 ? near : near.slice(0, end);
  let from = 0;
  for (let opener = 0; opener < mostOpeners; opener += 1) {
    const found = paragraph.slice(from).search(blockOpener);
    if (found < 0) return undefined;
    const index = from + found;
    if (displayed(blockPattern.exec(paragraph.slice(index + 1)))) return index;
    from = index + 1;
  }
  return undefined;
};

const startInline = (source: string): number => source.indexOf("$");

/** The syntax of formulas for the lexer: `$…$` and `\(…\)` in a line, `$$…$$` and `\[…\]` on their own. */
export const mathsSyntax: NonNullable<Lexer["options"]["extensions"]> = {
  block: [block],
  startBlock: [startBlock],
  inline: [inline],
  startInline: [startInline],
  renderers: {},
  childTokens: {},
};
