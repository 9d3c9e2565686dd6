import { ExternalLink } from "lucide-react";
import type { NewShare } from "natter/client";
import { ShownOnce } from "../ui/page/shown-once.tsx";
import { shareTexts } from "./share-texts.ts";

export interface NewLinkProps {
  readonly share: NewShare;
  readonly onDone: () => void;
}

/** A link that was made just now, to be copied or opened. */
export const NewLink = ({ share, onDone }: NewLinkProps) => {
  const address = new URL(share.path, location.origin).href;
  return (
    <>
      <ShownOnce label={shareTexts.made} hint={shareTexts.madeHint} value={address} onDone={onDone} />
      <a
        href={address}
        target="_blank"
        rel="noreferrer"
        className="mt-2 inline-flex h-8 items-center gap-1.5 rounded-small px-1 text-13 font-[570] text-accent-ink underline underline-offset-4 max-wide:h-10"
      >
        {shareTexts.open}
        <ExternalLink size={14} strokeWidth={1.5} aria-hidden="true" />
      </a>
    </>
  );
};
