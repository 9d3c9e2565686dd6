import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { IconButton } from "../../ui/button/icon-button.tsx";
import { consoleTexts } from "../console-texts.ts";

export interface DrawerProps {
  readonly title: ReactNode;
  readonly onClose: () => void;
  /** Goes to the row before or after; absent: there is none. */
  readonly onBefore?: (() => void) | undefined;
  readonly onAfter?: (() => void) | undefined;
  readonly children: ReactNode;
}

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;

/** One row in full, beside its table; on a phone over it. Esc closes it, j and k go to the next and the one before. */
export const Drawer = ({ title, onClose, onBefore, onAfter, children }: DrawerProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === "Escape") return onClose();
    if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "j") onAfter?.();
    if (event.key === "k") onBefore?.();
  };
  return (
    <aside
      data-drawer
      aria-labelledby={titleId}
      onKeyDown={pressed}
      className="fixed inset-y-0 end-0 z-20 flex w-[min(480px,100vw)] animate-appear flex-col border-s border-line bg-surface shadow-float"
    >
      <header className="flex h-14 shrink-0 items-center gap-1 border-b border-line pe-3 ps-5">
        <h2
          ref={heading}
          id={titleId}
          tabIndex={-1}
          aria-live="polite"
          dir="auto"
          className="min-w-0 flex-1 truncate text-16 font-semibold outline-none"
        >
          {title}
        </h2>
        <IconButton
          label={consoleTexts.before}
          icon={<ChevronUp size={16} strokeWidth={1.5} />}
          disabled={onBefore === undefined}
          className="disabled:opacity-40"
          onClick={onBefore}
        />
        <IconButton
          label={consoleTexts.after}
          icon={<ChevronDown size={16} strokeWidth={1.5} />}
          disabled={onAfter === undefined}
          className="disabled:opacity-40"
          onClick={onAfter}
        />
        <IconButton label={consoleTexts.close} icon={<X size={16} strokeWidth={1.5} />} onClick={onClose} />
      </header>
      <div
        tabIndex={0}
        role="region"
        aria-labelledby={titleId}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-5 -outline-offset-2"
      >
        {children}
      </div>
    </aside>
  );
};
