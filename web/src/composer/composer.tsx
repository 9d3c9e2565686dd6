import type { ConversationStore } from "natter/client";
import { Suspense, useEffect, useRef, type ClipboardEvent, type KeyboardEvent, type ReactNode } from "react";
import { usePreferences } from "../settings/preferences.ts";
import { deskOf } from "../thread/conversation-desk.ts";
import { lazyPart } from "../ui/lazy-part.ts";
import { AttachButton } from "./files/attach-button.tsx";
import { pressedKey } from "./composer-keys.ts";
import { composerTexts } from "./composer-texts.ts";
import { isLongPaste } from "./draft/draft.ts";
import { FinePrint } from "./fine-print.tsx";
import { grow, growingText } from "./growing-text.ts";
import { PasteChips } from "./files/paste-chips.tsx";
import { RunStatus } from "./run-status.tsx";
import { SendButton } from "./send-button.tsx";
import { useComposer, type ComposerHandle } from "./use-composer.ts";
import { useFileDrop } from "./files/use-file-drop.ts";
import { useEscape } from "./use-escape.ts";
import { useWritingSignal } from "./use-writing-signal.ts";
import { WaitingTray } from "./waiting/waiting-tray.tsx";

const UploadChips = lazyPart(async () => (await import("./files/upload-chips.tsx")).UploadChips);

const touch = matchMedia("(pointer: coarse)");
const characters = new Intl.NumberFormat("en");

export interface ComposerProps {
  readonly store: ConversationStore;
  /** Whether the demo model will answer. */
  readonly isDemo?: boolean | undefined;
  /** Buttons of the lower row, such as of settings. */
  readonly children?: ReactNode;
}

interface MessageBoxProps {
  readonly store: ConversationStore;
  readonly composer: ComposerHandle;
}

const MessageBox = ({ store, composer: { draft, change, act, isRunning, isEmpty, files } }: MessageBoxProps) => {
  const { enter } = usePreferences();
  const box = useRef<HTMLTextAreaElement>(null);
  const latest = useRef(draft.text);
  latest.current = draft.text;
  useEffect(() => {
    if (!touch.matches) box.current?.focus({ preventScroll: true });
    return deskOf(store).onHandBack((text) => {
      if (text !== "") change({ text: [text, latest.current].filter((piece) => piece !== "").join("\n\n") });
      box.current?.focus();
    });
  }, [store, change]);
  useEffect(() => {
    if (box.current !== null) grow(box.current);
  }, [draft.text]);
  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData("text/plain");
    if (text === "" && event.clipboardData.files.length > 0) {
      event.preventDefault();
      return files.add([...event.clipboardData.files]);
    }
    if (!isLongPaste(text)) return;
    event.preventDefault();
    change({ pastes: [...draft.pastes, text] });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const action = pressedKey(event.nativeEvent, { enter, isTouch: touch.matches, isRunning, isEmpty });
    if (action === null) return;
    if (action === "leave") event.currentTarget.blur();
    else if (act(action)) event.preventDefault();
  };
  return (
    <textarea
      ref={box}
      id="composer"
      dir="auto"
      rows={1}
      aria-label={composerTexts.label}
      placeholder={composerTexts.placeholder}
      value={draft.text}
      className={`${growingText} mb-2 text-16 max-h-[min(40vh,320px)]`}
      onChange={({ target }) => change({ text: target.value })}
      onPaste={onPaste}
      onKeyDown={onKeyDown}
    />
  );
};

/** Where a message is written; above it what waits for its turn. */
export const Composer = ({ store, isDemo = false, children }: ComposerProps) => {
  const composer = useComposer(store);
  const { draft, change, excess, files } = composer;
  const isDropping = useFileDrop(files.add);
  useEscape(composer.isRunning, composer.stop);
  useWritingSignal(store, draft.text);
  return (
    <div className="mx-auto w-full max-w-[736px] px-7 pb-2 max-wide:px-[18px]">
      <WaitingTray store={store} />
      <div className="rounded-large border border-edge bg-surface pt-3 pr-2.5 pb-2 pl-4 shadow-float focus-within:border-accent">
        {draft.pastes.length > 0 && (
          <PasteChips
            pastes={draft.pastes}
            onOpen={(index) =>
              change({
                text: [draft.text, draft.pastes[index] ?? ""].filter((piece) => piece !== "").join("\n\n"),
                pastes: draft.pastes.toSpliced(index, 1),
              })
            }
            onRemove={(index) => change({ pastes: draft.pastes.toSpliced(index, 1) })}
          />
        )}
        {files.uploads.length > 0 && (
          <Suspense>
            <UploadChips {...files} />
          </Suspense>
        )}
        {isDropping && <p className="mb-2 text-13 text-accent-ink">{composerTexts.dropHere}</p>}
        <MessageBox store={store} composer={composer} />
        <div className="-ml-2 flex items-center gap-1">
          <AttachButton onFiles={files.add} />
          {children}
          <span className="flex-1" />
          {composer.isHeld && (
            <span role="status" className="mr-2 text-13 text-text-3">
              {composerTexts.sendsLater}
            </span>
          )}
          {excess > 0 && (
            <span role="alert" className="mr-2 text-13 text-danger">
              {composerTexts.tooLong(characters.format(excess))}
            </span>
          )}
          <RunStatus store={store} />
          <SendButton
            isRunning={composer.isRunning}
            isEmpty={composer.isEmpty || composer.isHeld || composer.isBlocked || excess > 0}
            onSend={() => {
              composer.send();
              if (!touch.matches) deskOf(store).handBack("");
            }}
            onStop={composer.stop}
          />
        </div>
      </div>
      <FinePrint store={store} isDemo={isDemo} />
    </div>
  );
};
