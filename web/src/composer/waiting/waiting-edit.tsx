import { Check, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { pressedKey } from "../composer-keys.ts";
import { composerTexts } from "../composer-texts.ts";
import { growingText } from "../growing-text.ts";

export interface WaitingEditProps {
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

/** A waiting message in a box. */
export const WaitingEdit = ({ text, onSave, onCancel }: WaitingEditProps) => {
  const [changed, setChanged] = useState(text);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const save = (): void => (changed.trim() === "" ? onCancel() : onSave(changed.trim()));
  return (
    <>
      <textarea
        ref={box}
        dir="auto"
        rows={1}
        aria-label={composerTexts.editLabel}
        value={changed}
        className={`${growingText} max-h-28 flex-1 text-13 text-text max-wide:text-16`}
        onChange={({ target }) => setChanged(target.value)}
        onKeyDown={(event) => {
          const situation = { enter: "send", isTouch: false, isRunning: false, isEmpty: false } as const;
          const action = pressedKey(event.nativeEvent, situation);
          if (action !== "send" && action !== "leave") return;
          event.preventDefault();
          if (action === "send") save();
          else onCancel();
        }}
      />
      <ActionButton label={composerTexts.save} icon={<Check size={16} strokeWidth={1.5} />} onClick={save} />
      <ActionButton label={composerTexts.cancel} icon={<X size={16} strokeWidth={1.5} />} onClick={onCancel} />
    </>
  );
};
