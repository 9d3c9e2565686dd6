import { ChevronLeft, ChevronRight } from "lucide-react";
import type { MessageView } from "natter/client";
import { ActionButton } from "../../ui/button/action-button.tsx";
import { useThread } from "../thread-context.ts";
import { threadTexts } from "../thread-texts.ts";

/** Leads to the other versions of a message; nothing when there is only one. */
export const BranchArrows = ({ message: { id, siblings } }: { readonly message: MessageView }) => {
  const { store } = useThread();
  const at = siblings.indexOf(id);
  if (siblings.length < 2 || at === -1) return null;
  const select = (index: number): void => {
    const sibling = siblings[index];
    if (sibling !== undefined) store.select(sibling);
  };
  return (
    <span className="mr-0.5 flex items-center tabular-nums" data-branch>
      <ActionButton
        label={threadTexts.previous}
        icon={<ChevronLeft size={16} strokeWidth={1.5} />}
        aria-disabled={at === 0}
        className="aria-disabled:opacity-35"
        onClick={() => select(at - 1)}
      />
      <span aria-label={threadTexts.versionLabel(at + 1, siblings.length)} role="img">
        {threadTexts.version(at + 1, siblings.length)}
      </span>
      <ActionButton
        label={threadTexts.next}
        icon={<ChevronRight size={16} strokeWidth={1.5} />}
        aria-disabled={at === siblings.length - 1}
        className="aria-disabled:opacity-35"
        onClick={() => select(at + 1)}
      />
    </span>
  );
};
