import { createCssVariablesTheme, createHighlighterCore, type GrammarState, type HighlighterCore } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { findLanguage } from "./code-languages.ts";
import { type HighlightedLine, type HighlightReply, type HighlightRequest, tokenKinds } from "./highlight-protocol.ts";

const theme = "natter";
const cssTheme = createCssVariablesTheme({ name: theme, variablePrefix: "--", fontStyle: false });

/** Of Markdown that theme shows no more than links and quoted code. */
const markdownColours = [
  {
    scope: ["markup.heading.markdown", "markup.heading.setext"],
    settings: { foreground: "var(--token-keyword)" },
  },
  { scope: ["markup.bold.markdown", "markup.italic.markdown"], settings: { foreground: "var(--token-function)" } },
  {
    scope: [
      "punctuation.definition.list.begin.markdown",
      "punctuation.definition.quote.begin.markdown",
      "punctuation.definition.table.markdown",
      "punctuation.separator.table.markdown",
      "meta.separator.markdown",
    ],
    settings: { foreground: "var(--token-constant)" },
  },
];
const longestLine = 1_000;
const mostBlocks = 100;
// the first lines wait for the grammar to be compiled; one that is cut off is coloured wrongly
const slowestLine = 3_000;

const kindOf = new Map<string, number>(tokenKinds.map((kind, index) => [`var(--${kind})`, index]));

const plain = (line: string): HighlightedLine => (line === "" ? [] : [line.length, 0]);

/** The state of the grammar before each line of a block that was coloured; the first is that of the beginning. */
type States = (GrammarState | undefined)[];

const highlightLine = (
  highlighter: HighlighterCore,
  { line, language, state }: Readonly<{ line: string; language: string; state: GrammarState | undefined }>,
): Readonly<{ line: HighlightedLine; state: GrammarState | undefined }> => {
  if (line.length > longestLine) return { line: plain(line), state };
  const tokens = highlighter.codeToTokensBase(line, {
    lang: language,
    theme,
    tokenizeTimeLimit: slowestLine,
    ...(state === undefined ? {} : { grammarState: state }),
  });
  const pairs: number[] = [];
  for (const { content, color } of tokens[0] ?? []) {
    const kind = kindOf.get(color ?? "") ?? 0;
    if (pairs.at(-1) === kind) pairs[pairs.length - 2] = (pairs.at(-2) ?? 0) + content.length;
    else pairs.push(content.length, kind);
  }
  return { line: pairs, state: highlighter.getLastGrammarState(tokens) };
};

/** Colours code line by line and goes on where a block had ended; it remembers the last hundred blocks. */
export const createLineHighlighter = (): ((request: HighlightRequest) => Promise<HighlightReply>) => {
  const core = createHighlighterCore({
    themes: [{ ...cssTheme, tokenColors: [...(cssTheme.tokenColors ?? []), ...markdownColours] }],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
  const blocks = new Map<number, States>();

  return async ({ id, language, from, lines }) => {
    const found = findLanguage(language);
    if (found === null) return { id, from, lines: lines.map(plain) };
    const highlighter = await core;
    await highlighter.loadLanguage(found.load);
    const states: States = from === 0 ? [undefined] : (blocks.get(id) ?? []);
    if (states.length <= from) return { id, from, lines: null };
    states.length = from + 1;
    const highlighted = lines.map((line) => {
      const next = highlightLine(highlighter, { line, language: found.name, state: states.at(-1) });
      states.push(next.state);
      return next.line;
    });
    blocks.delete(id);
    blocks.set(id, states);
    const [oldest] = blocks.keys();
    if (blocks.size > mostBlocks && oldest !== undefined) blocks.delete(oldest);
    return { id, from, lines: highlighted };
  };
};
