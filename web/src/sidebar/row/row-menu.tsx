import { Ellipsis } from "lucide-react";
import type { Conversation } from "natter/client";
import { useRef } from "react";
import { Menu } from "../../ui/overlay/menu.tsx";
import { sidebarTexts } from "../sidebar-texts.ts";
import { useRowActions } from "./use-row-actions.tsx";

export interface RowMenuProps {
  readonly conversation: Conversation;
  readonly className: string;
  readonly onRename: () => void;
}

/** What can be done to a conversation. */
export const RowMenu = ({ conversation, className, onRename }: RowMenuProps) => {
  const isRenaming = useRef(false);
  const actions = useRowActions(conversation, () => {
    isRenaming.current = true;
  });
  return (
    <Menu
      actions={actions}
      onCloseAutoFocus={(event) => {
        if (!isRenaming.current) return;
        // the focus belongs to the field that takes the row's place
        event.preventDefault();
        isRenaming.current = false;
        onRename();
      }}
      trigger={
        <button
          type="button"
          aria-label={sidebarTexts.menu(conversation.title ?? sidebarTexts.untitled)}
          className={className}
        >
          <Ellipsis size={16} strokeWidth={1.5} aria-hidden="true" />
        </button>
      }
    />
  );
};
