import type { MessageView, Part } from "natter/client";
import { useEffect, useRef, useState } from "react";
import { pressedKey } from "../../composer/composer-keys.ts";
import { growingText } from "../../composer/growing-text.ts";
import { usePreferences } from "../../settings/preferences.ts";
import { Button } from "../../ui/button/button.tsx";
import { textOf } from "./part-groups.ts";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";

const withText = (parts: readonly Part[], text: string): readonly Part[] => [
  { type: "text", text },
  ...parts.filter(({ type }) => type === "file"),
];

/** A message in a box in its own place; sending it makes a version beside it. */
export const EditBox = ({ message, onClose }: { readonly message: MessageView; readonly onClose: () => void }) => {
  const { store } = useThread();
  const { enter } = usePreferences();
  const [text, setText] = useState(() => textOf(message.parts));
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    box.current?.focus();
    box.current?.setSelectionRange(text.length, text.length);
    // only as it opens: later the person decides where the cursor is
  }, []);
  const canSend = text.trim() !== "";
  const send = (): void => {
    if (!canSend) return;
    if (text.trim() !== textOf(message.parts)) store.edit(message.id, withText(message.parts, text.trim()));
    onClose();
  };
  return (
    <div className="w-full max-w-[86%] rounded-large border border-accent bg-surface p-2.5 pl-4">
      <textarea
        ref={box}
        dir="auto"
        rows={1}
        aria-label={threadTexts.editLabel}
        value={text}
        className={`${growingText} max-h-[50vh] text-16`}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          const action = pressedKey(event.nativeEvent, { enter, isTouch: false, isRunning: false, isEmpty: false });
          if (action !== "send" && action !== "leave") return;
          event.preventDefault();
          event.stopPropagation();
          if (action === "send") send();
          else onClose();
        }}
      />
      <div className="mt-2 flex justify-end gap-2">
        <Button look="plain" onClick={onClose}>
          {threadTexts.cancel}
        </Button>
        <Button look="primary" disabled={!canSend} onClick={send}>
          {threadTexts.save}
        </Button>
      </div>
    </div>
  );
};
