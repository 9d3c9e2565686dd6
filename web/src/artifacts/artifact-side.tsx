import type { ConversationStore } from "natter/client";
import { useEffect, useLayoutEffect, useRef, type ReactNode } from "react";
import { NoticeList } from "../ui/notice/notice-list.tsx";
import { isOpenedByHand, returnFocus, type ArtifactAddress, type ShownArtifact } from "./artifact-address.ts";
import { ArtifactPanel } from "./artifact-panel.tsx";
import { entryTexts } from "./entry-texts.ts";

export interface ArtifactSideProps {
  readonly store: ConversationStore;
  readonly shown: ShownArtifact;
  readonly address: ArtifactAddress;
  /** Whether it lies over the page, for want of room beside it. */
  readonly isSheet: boolean;
}

const look = "flex h-full min-h-0 flex-col bg-sunken text-text outline-none";

const Beside = ({ onClose, children }: { readonly onClose: () => void; readonly children: ReactNode }) => {
  const side = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isOpenedByHand()) side.current?.focus();
  }, []);
  return (
    <aside
      ref={side}
      data-region="artifact"
      tabIndex={-1}
      aria-label={entryTexts.region}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      className="h-full min-h-0 border-s border-line outline-none"
    >
      {children}
    </aside>
  );
};

const Sheet = ({ onClose, children }: { readonly onClose: () => void; readonly children: ReactNode }) => {
  const sheet = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = sheet.current;
    if (shown?.open === false) {
      shown.showModal();
      shown.focus();
    }
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={sheet}
      tabIndex={-1}
      aria-label={entryTexts.region}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="ms-auto me-0 my-0 h-dvh max-h-none w-[min(468px,100vw)] max-w-none animate-appear border-s border-line bg-sunken p-0 shadow-float outline-none backdrop:bg-black/35"
    >
      {children}
      <NoticeList />
    </dialog>
  );
};

/** The artifact beside the conversation, or over it. */
export const ArtifactSide = ({ store, shown, address, isSheet }: ArtifactSideProps) => {
  const Frame = isSheet ? Sheet : Beside;
  const content = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    return () => {
      const isLost = content.current?.parentElement?.contains(document.activeElement) === true;
      requestAnimationFrame(() => returnFocus(isLost));
    };
  }, []);
  return (
    <Frame onClose={address.close}>
      <div ref={content} className={look}>
        <ArtifactPanel store={store} shown={shown} address={address} />
      </div>
    </Frame>
  );
};
