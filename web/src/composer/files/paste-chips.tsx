import { ClipboardList, X } from "lucide-react";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { composerTexts } from "../composer-texts.ts";

export interface PasteChipsProps {
  readonly pastes: readonly string[];
  /** Puts one of them into the box, where it can be read and changed. */
  readonly onOpen: (index: number) => void;
  readonly onRemove: (index: number) => void;
}

/** Long texts that were pasted, each as a chip. */
export const PasteChips = ({ pastes, onOpen, onRemove }: PasteChipsProps) => (
  <ul className="mb-2 flex flex-wrap gap-1.5">
    {pastes.map((paste, index) => (
      <li key={index} className="flex max-w-full items-center rounded-medium border border-line bg-sunken pr-1 text-13">
        <button
          type="button"
          title={composerTexts.openPasted}
          className="flex min-w-0 items-center gap-2 rounded-medium py-1.5 pr-1.5 pl-2.5 text-left"
          onClick={() => onOpen(index)}
        >
          <ClipboardList size={16} strokeWidth={1.5} className="shrink-0 text-text-2" />
          <span className="min-w-0">
            <span dir="auto" className="block max-w-56 truncate font-[550]">
              {paste.trim().slice(0, 80)}
            </span>
            <span className="block text-12 text-text-3">{composerTexts.pasted(paste.split("\n").length)}</span>
          </span>
        </button>
        <ActionButton
          label={composerTexts.removePasted}
          icon={<X size={14} strokeWidth={1.5} />}
          onClick={() => onRemove(index)}
        />
      </li>
    ))}
  </ul>
);
