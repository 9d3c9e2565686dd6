import { artifactLimits, type Artifact, type ConversationStore } from "natter/client";
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent } from "react";
import { useNatter } from "../../shell/natter-context.ts";
import { Button } from "../../ui/button/button.tsx";
import { ConfirmButton } from "../../ui/button/confirm-button.tsx";
import { languageOf } from "../data/artifact-file.ts";
import type { EditDraft } from "./edit-draft.ts";
import { EditNotes } from "./edit-notes.tsx";
import { EditSession, type EditState } from "./edit-session.ts";
import { editTexts } from "./edit-texts.ts";

const CodeEditor = lazy(async () => {
  try {
    return { default: (await import("./code-editor.tsx")).CodeEditor };
  } catch (error) {
    console.warn("the editor could not be loaded", error);
    return { default: () => <p className="p-4 text-danger">{editTexts.editorFailed}</p> };
  }
});

export interface EditPaneProps {
  readonly store: ConversationStore;
  /** The version that the text follows. */
  readonly base: Artifact;
  /** What was written before and not saved. */
  readonly draft: EditDraft | null;
  /** The newest version there is; null: somebody deleted it. */
  readonly newest: number | null;
  /** Told of each version that is written here. */
  readonly onSaved: (saved: Artifact) => void;
  /** Nothing is left to do. Absent: nothing was written. */
  readonly onDone: (saved?: Artifact) => void;
}

const lengthOf = ({ characters, isChanged, saved }: EditState): string => {
  if (characters > artifactLimits.characters) return editTexts.tooLong(characters, artifactLimits.characters);
  if (saved !== null) return editTexts.savedSince(saved);
  return isChanged ? editTexts.kept : editTexts.unchanged;
};

const useSession = (options: Omit<EditPaneProps, "newest" | "store">): EditSession => {
  const client = useNatter();
  const [session] = useState(() => new EditSession({ client, ...options }));
  useEffect(() => session.open(), [session]);
  return session;
};

/** Writing in an artifact: its title, its text, and what became of them. */
export const EditPane = ({ store, newest, ...options }: EditPaneProps) => {
  const session = useSession(options);
  const state = useSyncExternalStore(session.subscribe, session.getSnapshot);
  const saveButton = useRef<HTMLButtonElement>(null);
  const { title, isChanged, characters, phase } = state;
  const isTooLong = characters > artifactLimits.characters;
  const canSave = phase === "editing" && newest !== null && title.trim() !== "" && !isTooLong;
  const press = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.defaultPrevented) return;
    if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (canSave) session.save();
    }
    // from the text first to what can be done with it: nobody is to close it by the key that ends a search
    if (event.key === "Escape" && event.target !== saveButton.current) {
      event.preventDefault();
      saveButton.current?.focus();
    }
  };
  return (
    <section
      aria-label={editTexts.editing(options.base.title)}
      onKeyDown={press}
      className="flex min-h-0 flex-1 flex-col"
    >
      <EditNotes
        state={state}
        newest={newest}
        onMerge={session.merge}
        onSaveAsNew={() => session.saveAsNew(store.conversationId)}
      />
      <div className="mx-3 flex min-h-0 flex-1 flex-col overflow-hidden rounded-medium border border-edge bg-surface focus-within:border-accent focus-within:ring-1 focus-within:ring-accent">
        <input
          dir="auto"
          aria-label={editTexts.title}
          value={title}
          maxLength={artifactLimits.title}
          onChange={({ target }) => session.setTitle(target.value)}
          className="h-10 shrink-0 border-b border-line bg-transparent px-3.5 font-semibold outline-offset-[-3px]"
        />
        <Suspense fallback={<div className="flex-1" />}>
          <CodeEditor
            key={state.round}
            label={editTexts.text(options.base.title)}
            language={languageOf(options.base)}
            text={state.text}
            original={state.theirs}
            isWrapped={options.base.kind === "document" || state.theirs !== null}
            onChange={session.change}
          />
        </Suspense>
      </div>
      <div className="flex shrink-0 flex-wrap items-center gap-2 px-3 py-3">
        <span role="status" className={`flex-1 ps-1 text-12 ${isTooLong ? "text-danger" : "text-text-3"}`}>
          {lengthOf(state)}
        </span>
        {isChanged ? (
          <ConfirmButton
            label={editTexts.discard}
            question={editTexts.discardQuestion}
            disabled={phase === "saving"}
            onConfirm={session.discard}
          />
        ) : (
          <Button look="plain" onClick={session.discard}>
            {editTexts.stop}
          </Button>
        )}
        <Button ref={saveButton} look="primary" disabled={!canSave} onClick={session.save}>
          {phase === "saving" ? editTexts.saving : editTexts.save}
        </Button>
      </div>
    </section>
  );
};
