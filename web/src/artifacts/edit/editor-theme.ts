import { EditorView } from "codemirror";

/** The editor in the colours of the page, which it lies in behind a shadow root. */
export const editorTheme = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto", fontVariantLigatures: "none" },
  ".cm-content": { padding: "12px 0 48px", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 12px 0 8px" },
  ".cm-gutters": { backgroundColor: "var(--surface)", color: "var(--text-3)", border: "none" },
  ".cm-activeLineGutter, .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--hover) 45%, transparent)" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklch, var(--accent) 24%, transparent)",
  },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--text)" },
  ".cm-textfield": { backgroundColor: "var(--surface)", borderColor: "var(--edge)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", borderColor: "var(--edge)" },
  "&.cm-merge-b .cm-changedLine, .cm-inlineChangedLine": { backgroundColor: "var(--accent-soft)" },
  // a line under it: on a darker ground the colours of code could not be read
  "&.cm-merge-b .cm-changedText": { background: "none", boxShadow: "inset 0 -2px var(--accent)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--accent)" },
  "& .cm-deletedLineGutter": { background: "var(--danger)" },
  ".cm-deletedChunk": { backgroundColor: "var(--danger-soft)", paddingLeft: "8px" },
  ".cm-deletedChunk .cm-deletedText": { background: "none", textDecoration: "line-through" },
  ".cm-deletedChunk .cm-chunkButtons": {
    position: "static",
    display: "flex",
    justifyContent: "end",
    padding: "2px 8px",
  },
  ".cm-deletedChunk .cm-chunkButtons button": {
    margin: "2px 0 2px 6px",
    padding: "2px 8px",
    border: "1px solid var(--edge)",
    borderRadius: "6px",
    background: "var(--surface)",
    color: "var(--text)",
    font: "550 12px/18px var(--font)",
    cursor: "pointer",
  },
  "@media (pointer: coarse)": {
    ".cm-deletedChunk .cm-chunkButtons button": { padding: "10px 14px", fontSize: "14px" },
  },
});
