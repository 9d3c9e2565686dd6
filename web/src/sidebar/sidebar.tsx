import { PanelLeft, Plus, Search } from "lucide-react";
import { useState } from "react";
import { Link } from "wouter";
import { BrandMark } from "../ui/brand-mark.tsx";
import { IconButton } from "../ui/button/icon-button.tsx";
import { Keys } from "../ui/keys.tsx";
import { shellTexts } from "../shell/shell-texts.ts";
import type { SettingsPage } from "../settings/conversation/settings-page.ts";
import { AccountFooter } from "./account-footer.tsx";
import { ConversationList, type ConversationListProps } from "./list/conversation-list.tsx";
import { ListChoice } from "./list/list-choice.tsx";
import { sidebarTexts } from "./sidebar-texts.ts";

export interface SidebarProps {
  /** The conversation shown beside it; null: none. */
  readonly currentId: string | null;
  readonly onHide: () => void;
  readonly onNew: () => void;
  readonly onSearch: () => void;
  readonly onSettings: (page?: SettingsPage) => void;
}

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

/** The conversations, and the ways to another one. */
export const Sidebar = ({ currentId, onHide, onNew, onSearch, onSettings }: SidebarProps) => {
  const [list, setList] = useState<ConversationListProps["name"]>("open");
  return (
    <aside
      aria-label={sidebarTexts.name}
      data-region="sidebar"
      className="flex h-full min-h-0 flex-col border-e border-line bg-sunken px-2.5"
    >
      <header className="flex h-14 shrink-0 items-center justify-between ps-1.5">
        <Link
          href="/"
          aria-label={sidebarTexts.home}
          className="flex items-center gap-[9px] rounded-small text-16 font-[650] tracking-[-0.015em]"
        >
          <BrandMark />
          {shellTexts.appName}
        </Link>
        <IconButton label={shellTexts.hideSidebar} icon={<PanelLeft {...icon} />} onClick={onHide} />
      </header>
      <button
        type="button"
        onClick={onNew}
        className="flex h-9 w-full shrink-0 items-center gap-[9px] rounded-medium border border-line bg-surface px-2.5 font-[550] transition-colors duration-(--fast) hover:border-edge max-wide:h-11"
      >
        <Plus {...icon} />
        <span className="truncate">{sidebarTexts.newConversation}</span>
        <Keys keys="mod+shift+o" className="ms-auto pointer-coarse:hidden" />
      </button>
      <button
        type="button"
        onClick={onSearch}
        className="mt-1 flex h-9 w-full shrink-0 items-center gap-[9px] rounded-medium px-2.5 text-text-3 hover:bg-hover hover:text-text max-wide:h-11"
      >
        <Search {...icon} />
        {sidebarTexts.search}
        <Keys keys="mod+k" className="ms-auto pointer-coarse:hidden" />
      </button>
      <nav
        aria-label={sidebarTexts.lists[list]}
        className="-mx-1 mt-2.5 min-h-0 flex-1 overflow-y-auto overscroll-contain px-1 pb-3"
      >
        {list !== "open" && <p className="px-2.5 pt-2.5 text-13 font-[550]">{sidebarTexts.lists[list]}</p>}
        <ConversationList key={list} name={list} currentId={currentId} />
      </nav>
      <ListChoice list={list} onChoose={setList} />
      <AccountFooter onSettings={onSettings} />
    </aside>
  );
};
