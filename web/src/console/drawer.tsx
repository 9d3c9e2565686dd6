import { X } from "lucide-react";
import { useEffect, useId, useRef, type ReactNode } from "react";
import { IconButton } from "../ui/icon-button.tsx";
import { consoleTexts } from "./console-texts.ts";

export interface DrawerProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** One row in full, beside its table; on a phone over it. */
export const Drawer = ({ title, onClose, children }: DrawerProps) => {
  const heading = useRef<HTMLHeadingElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <aside
      aria-labelledby={titleId}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="fixed inset-y-0 end-0 z-20 flex w-[min(460px,100vw)] animate-appear flex-col border-s border-line bg-surface shadow-float"
    >
      <header className="flex h-14 shrink-0 items-center justify-between gap-2 border-b border-line pe-3 ps-5">
        <h2 ref={heading} id={titleId} tabIndex={-1} dir="auto" className="truncate text-16 font-semibold outline-none">
          {title}
        </h2>
        <IconButton label={consoleTexts.close} icon={<X size={16} strokeWidth={1.5} />} onClick={onClose} />
      </header>
      <div tabIndex={0} role="region" aria-labelledby={titleId} className="min-h-0 flex-1 overflow-y-auto p-5">
        {children}
      </div>
    </aside>
  );
};
