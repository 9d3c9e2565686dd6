import { useEffect, useRef, type ReactNode } from "react";

export interface SidebarSheetProps {
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The sidebar over the page, where there is no room beside it. It goes when a conversation is chosen. */
export const SidebarSheet = ({ onClose, children }: SidebarSheetProps) => {
  const sheet = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div className="fixed inset-0 z-20 animate-appear bg-black/35" onClick={onClose}>
      <div
        ref={sheet}
        tabIndex={-1}
        onClick={(event) => {
          event.stopPropagation();
          if (event.target instanceof Element && event.target.closest("a") !== null) onClose();
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape" && !event.defaultPrevented) onClose();
        }}
        className="h-full w-[min(320px,calc(100vw-56px))] bg-sunken shadow-float outline-none"
      >
        {children}
      </div>
    </div>
  );
};
