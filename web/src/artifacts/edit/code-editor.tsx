import { goToNextChunk, unifiedMergeView } from "@codemirror/merge";
import { basicSetup, EditorView } from "codemirror";
import { useEffect, useRef } from "react";
import { editTexts } from "./edit-texts.ts";
import { createEditorColours } from "./editor-colours.ts";
import { editorTheme } from "./editor-theme.ts";

export interface CodeEditorProps {
  readonly label: string;
  /** In which it is written, as the colours of code know it; empty: none of them. */
  readonly language: string;
  /** What stands in it at first; another text is another editor. */
  readonly text: string;
  /** What is compared with it as one writes; null: nothing. */
  readonly original: string | null;
  readonly isWrapped: boolean;
  /** Told of each change; what it gets reads the text. */
  readonly onChange: (read: () => string) => void;
}

const mergeButton = (type: "accept" | "reject", act: (event: MouseEvent) => void): HTMLElement => {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = type === "accept" ? editTexts.keepMine : editTexts.takeTheirs;
  button.addEventListener("click", act);
  return button;
};

const comparedWith = (original: string) =>
  unifiedMergeView({
    original,
    mergeControls: mergeButton,
    syntaxHighlightDeletions: false,
    diffConfig: { scanLimit: 500, timeout: 200 },
  });

/**
 * CodeMirror. It lies behind a shadow root: there its styles are sheets that a script makes, which the page's policy allows;
 * in the document they would be an inline `<style>`, which it forbids.
 */
export const CodeEditor = ({ label, language, text, original, isWrapped, onChange }: CodeEditorProps) => {
  const host = useRef<HTMLDivElement>(null);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  }, [onChange]);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open", delegatesFocus: true });
    const colours = createEditorColours(language);
    const view = new EditorView({
      doc: text,
      root,
      parent: root,
      extensions: [
        basicSetup,
        editorTheme,
        colours.extension,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        isWrapped ? EditorView.lineWrapping : [],
        original === null ? [] : comparedWith(original),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) tell.current(() => state.doc.toString());
        }),
      ],
    });
    colours.begin(view);
    view.focus();
    if (original !== null) goToNextChunk(view);
    return () => {
      colours.close();
      view.destroy();
    };
  }, [label, language, text, original, isWrapped]);
  return <div ref={host} dir="ltr" className="min-h-0 flex-1 overflow-hidden" />;
};
