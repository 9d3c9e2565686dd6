import { useEffect, useRef } from "react";
import { sidebarTexts } from "../sidebar-texts.ts";

const maxCharacters = 500;

export interface RenameFieldProps {
  readonly title: string;
  readonly className?: string;
  /** Null: it stays as it was. */
  readonly onDone: (title: string | null) => void;
}

/** A title, to be written anew in its place. */
export const RenameField = ({ title, className = "", onDone }: RenameFieldProps) => {
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    isDone.current = false;
    field.current?.select();
  }, []);
  const finish = (isKept: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    const next = field.current?.value.trim() ?? "";
    onDone(isKept && next !== "" && next !== title ? next : null);
  };
  return (
    <input
      ref={field}
      autoFocus
      dir="auto"
      defaultValue={title}
      maxLength={maxCharacters}
      aria-label={sidebarTexts.renameLabel}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key === "Enter") finish(true);
        if (event.key !== "Escape") return;
        event.stopPropagation();
        finish(false);
      }}
      className={`h-8 min-w-0 flex-1 rounded-small border border-accent bg-surface px-2 text-text outline-none ${className}`}
    />
  );
};
