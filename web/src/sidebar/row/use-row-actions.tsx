import { Archive, ArchiveRestore, Download, Pencil, Pin, PinOff, Share, Trash2 } from "lucide-react";
import type { Conversation } from "natter/client";
import { useMayShare } from "../../sharing/use-may-share.ts";
import { shareMenuTexts } from "../../sharing/share-menu-texts.ts";
import { useFrame } from "../../shell/frame/frame-context.ts";
import { useMe } from "../../shell/use-me.ts";
import { downloadExport } from "../../transfer/export-address.ts";
import type { MenuAction } from "../../ui/overlay/menu.tsx";
import { useConversationActions } from "../conversation-actions-provider.tsx";
import { sidebarTexts } from "../sidebar-texts.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };
const exportFormats = ["jsonl", "markdown"] as const;

const exportsOf = ({ id }: Conversation): MenuAction[] =>
  exportFormats.map((format) => ({
    label: sidebarTexts.exports[format],
    icon: <Download {...icon} />,
    onSelect: () => downloadExport({ conversationId: id, format }),
  }));

/** What this person may do to a conversation in a list. */
export const useRowActions = (conversation: Conversation, onRename: () => void): readonly MenuAction[] => {
  const { pin, archive, unarchive, remove } = useConversationActions();
  const { share } = useFrame();
  const isOwn = useMayShare(conversation);
  const role = useMe()?.role;
  const mayRemove = isOwn || role === "owner" || role === "admin";
  const { pinned, status } = conversation;
  const own: MenuAction[] = [
    { label: sidebarTexts.rename, icon: <Pencil {...icon} />, onSelect: onRename },
    {
      label: pinned ? sidebarTexts.unpin : sidebarTexts.pin,
      icon: pinned ? <PinOff {...icon} /> : <Pin {...icon} />,
      onSelect: () => pin(conversation, !pinned),
    },
    {
      label: `${shareMenuTexts.share}…`,
      icon: <Share {...icon} />,
      onSelect: () => share({ conversation, messageId: null, leafId: null }),
    },
    status === "archived"
      ? { label: sidebarTexts.unarchive, icon: <ArchiveRestore {...icon} />, onSelect: () => unarchive(conversation) }
      : { label: sidebarTexts.archive, icon: <Archive {...icon} />, onSelect: () => archive(conversation) },
  ];
  const removal: MenuAction = {
    label: sidebarTexts.remove,
    icon: <Trash2 {...icon} />,
    isDangerous: true,
    onSelect: () => remove(conversation),
  };
  return [...(isOwn ? own : []), ...exportsOf(conversation), ...(mayRemove ? [removal] : [])];
};
