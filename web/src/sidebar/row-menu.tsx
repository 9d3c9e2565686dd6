import { Archive, ArchiveRestore, Download, Ellipsis, Pencil, Pin, PinOff, Share, Trash2 } from "lucide-react";
import type { Conversation } from "natter/client";
import { useRef } from "react";
import { shareMenuTexts } from "../sharing/share-menu-texts.ts";
import { useFrame } from "../shell/frame-context.ts";
import { useMayShare } from "../sharing/use-may-share.ts";
import { downloadExport } from "../transfer/export-address.ts";
import { Menu, type MenuAction } from "../ui/menu.tsx";
import { sidebarTexts } from "./sidebar-texts.ts";
import { useConversationActions } from "./conversation-actions-provider.tsx";

export interface RowMenuProps {
  readonly conversation: Conversation;
  readonly className: string;
  readonly onRename: () => void;
}

const exportFormats = ["jsonl", "markdown"] as const;
const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

/** What can be done to a conversation. */
export const RowMenu = ({ conversation, className, onRename }: RowMenuProps) => {
  const { pin, archive, unarchive, remove } = useConversationActions();
  const { share } = useFrame();
  const mayShare = useMayShare(conversation);
  const isRenaming = useRef(false);
  const { pinned, status } = conversation;
  const actions: MenuAction[] = [
    {
      label: sidebarTexts.rename,
      icon: <Pencil {...icon} />,
      onSelect: () => {
        isRenaming.current = true;
      },
    },
    {
      label: pinned ? sidebarTexts.unpin : sidebarTexts.pin,
      icon: pinned ? <PinOff {...icon} /> : <Pin {...icon} />,
      onSelect: () => pin(conversation, !pinned),
    },
    ...(mayShare
      ? [
          {
            label: `${shareMenuTexts.share}…`,
            icon: <Share {...icon} />,
            onSelect: () => share({ conversation, messageId: null, leafId: null }),
          },
        ]
      : []),
    ...exportFormats.map((format) => ({
      label: sidebarTexts.exports[format],
      icon: <Download {...icon} />,
      onSelect: () => downloadExport({ conversationId: conversation.id, format }),
    })),
    status === "archived"
      ? {
          label: sidebarTexts.unarchive,
          icon: <ArchiveRestore {...icon} />,
          onSelect: () => unarchive(conversation),
        }
      : { label: sidebarTexts.archive, icon: <Archive {...icon} />, onSelect: () => archive(conversation) },
    {
      label: sidebarTexts.remove,
      icon: <Trash2 {...icon} />,
      isDangerous: true,
      onSelect: () => remove(conversation),
    },
  ];
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
          <Ellipsis {...icon} />
        </button>
      }
    />
  );
};
