import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef, type ReactNode } from "react";
import { classNames } from "../class-names.ts";
import { IconButton } from "../button/icon-button.tsx";
import { uiTexts } from "../ui-texts.ts";

export interface DialogProps {
  readonly title: string;
  /** Whether the title is only heard. */
  readonly isTitleHidden?: boolean;
  readonly onClose: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/**
 * A dialog over the page, there as long as it is mounted. It is the browser's own `<dialog>`: the rest is inert, Escape
 * closes it, the focus goes back where it was, and no style is injected, which the page's policy forbids.
 */
export const Dialog = ({ title, isTitleHidden = false, onClose, className, children }: DialogProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // in the layout phase: a dialog gives the focus back only while it is still in the document
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown?.open === false) shown.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={classNames(
        "m-auto max-h-[min(640px,calc(100dvh-32px))] w-[min(520px,calc(100vw-32px))] animate-appear overflow-hidden rounded-large border border-line bg-surface p-0 text-text shadow-float backdrop:bg-black/35",
        // on a phone a sheet that rises from the lower edge, where the thumb is
        !isTitleHidden && "max-wide:mb-0 max-wide:w-screen max-wide:max-w-none max-wide:rounded-b-none",
        className,
      )}
    >
      <div className="flex max-h-[inherit] flex-col">
        <header className={isTitleHidden ? "sr-only" : "flex h-14 shrink-0 items-center justify-between pe-3 ps-5"}>
          <h2 id={titleId} className="text-16 font-semibold">
            {title}
          </h2>
          {!isTitleHidden && (
            <IconButton label={uiTexts.close} icon={<X size={16} strokeWidth={1.5} />} onClick={onClose} />
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
};
