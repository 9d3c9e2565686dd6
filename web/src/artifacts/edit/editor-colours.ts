import { EditorView } from "codemirror";
import { tokenKinds } from "../../markdown/highlight/highlight-protocol.ts";
import { openHighlight } from "../../markdown/highlight/highlighter.ts";
import { linePieces } from "./line-pieces.ts";
import { createTextColours } from "./text-colours.ts";

const linesAhead = 50;
const longestColoured = 400_000;

const colourOf = {
  foreground: "var(--text)",
  "token-comment": "var(--text-3)",
  "token-keyword": "var(--code-keyword)",
  "token-string": "var(--code-string)",
  "token-string-expression": "var(--code-string)",
  "token-constant": "var(--code-constant)",
  "token-function": "var(--code-function)",
  "token-parameter": "var(--code-parameter)",
  "token-punctuation": "var(--text-2)",
  "token-link": "var(--code-keyword)",
  "token-inserted": "var(--code-string)",
  "token-deleted": "var(--danger)",
} satisfies Record<(typeof tokenKinds)[number], string>;

/** One for each kind: ranges that the browser paints, without an element in the text that somebody writes in. */
const createHighlights = (): readonly Highlight[] =>
  tokenKinds.map((kind) => {
    const highlight = new Highlight();
    CSS.highlights.set(`natter-${kind}`, highlight);
    return highlight;
  });

// a browser that does not know them shows the text without colours
const highlights = "highlights" in CSS ? createHighlights() : [];

const theme = EditorView.theme(
  Object.fromEntries(
    tokenKinds.slice(0, highlights.length).map((kind) => [`::highlight(natter-${kind})`, { color: colourOf[kind] }]),
  ),
);

const paint = (view: EditorView, { at }: Pick<ReturnType<typeof createTextColours>, "at">): void => {
  for (const highlight of highlights) highlight.clear();
  const { doc } = view.state;
  for (const { from, to } of view.visibleRanges) {
    for (let line = doc.lineAt(from); ; line = doc.line(line.number + 1)) {
      const coloured = at(line.number - 1);
      for (const { start, end, kind } of coloured === undefined ? [] : linePieces(line.text, coloured)) {
        if (line.from + end <= from || line.from + start >= to) continue;
        const first = view.domAtPos(Math.max(from, line.from + start));
        const last = view.domAtPos(Math.min(to, line.from + end));
        const range = { startContainer: first.node, startOffset: first.offset };
        highlights[kind]?.add(new StaticRange({ ...range, endContainer: last.node, endOffset: last.offset }));
      }
      if (line.to >= to) break;
    }
  }
};

/** Gives the text of an editor the colours of code, from the worker that colours all of it, as far as it is seen. */
export const createEditorColours = (language: string) => {
  let shown: EditorView | null = null;
  let doc: EditorView["state"]["doc"] | null = null;
  let lines: readonly string[] = [];
  let frame = 0;
  const paintSoon = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => shown !== null && paint(shown, colours));
  };
  const colours = createTextColours(language, openHighlight, paintSoon);
  const look = (view: EditorView): void => {
    shown = view;
    if (doc !== view.state.doc) {
      ({ doc } = view.state);
      lines = doc.length > longestColoured ? [] : doc.toJSON();
    }
    colours.update(lines, view.state.doc.lineAt(view.viewport.to).number + linesAhead);
    paintSoon();
  };
  const isWanted = language !== "" && highlights.length > 0;
  return {
    extension: isWanted ? [theme, EditorView.updateListener.of(({ view }) => look(view))] : [],
    /** Begins with what the editor shows at first. */
    begin(view: EditorView): void {
      if (isWanted) look(view);
    },
    close(): void {
      cancelAnimationFrame(frame);
      colours.close();
      for (const highlight of highlights) highlight.clear();
    },
  };
};
