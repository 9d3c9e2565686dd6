import { useMemo, useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { changePreferences, usePreferences } from "../../settings/preferences.ts";
import type { SettingsPage } from "../../settings/conversation/settings-page.ts";
import type { ShareTarget } from "../../sharing/share-target.ts";
import { Sidebar } from "../../sidebar/sidebar.tsx";
import { useLandedResults } from "../../sidebar/row/use-landed-results.ts";
import { useLiveLists } from "../../sidebar/list/use-live-lists.ts";
import { NoticeList } from "../../ui/notice/notice-list.tsx";
import { OverlayPlace } from "../../ui/overlay/overlay-place.tsx";
import { useMedia } from "../../ui/use-media.ts";
import { FrameDialogs, type OpenDialog } from "./frame-dialogs.tsx";
import { FrameProvider } from "./frame-context.ts";
import { focusNextRegion, focusRegion } from "../commands/regions.ts";
import { useShortcuts } from "../commands/shortcuts.ts";
import { SidebarSheet } from "./sidebar-sheet.tsx";
import { SkipLink } from "./skip-link.tsx";

export interface LayoutProps {
  readonly currentId: string | null;
  readonly children: ReactNode;
}

/** Beside the page the sidebar, over it the dialogs; what can be done from anywhere. */
export const Layout = ({ currentId, children }: LayoutProps) => {
  const [, navigate] = useLocation();
  const isNarrow = useMedia("(max-width: 759.98px)");
  const { sidebar: isWanted } = usePreferences();
  const [isSheetOpen, setIsSheetOpen] = useState(false);
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const actions = useMemo(() => {
    const show = (isShown: boolean): void =>
      isNarrow ? setIsSheetOpen(isShown) : changePreferences({ sidebar: isShown });
    return {
      show,
      toggleSidebar: () => show(isNarrow ? !isSheetOpen : !isWanted),
      showSettings: (page: SettingsPage = "device") => setDialog({ name: "settings", page }),
      showShortcuts: () => setDialog({ name: "shortcuts" }),
      share: (target: ShareTarget) => setDialog({ name: "share", target }),
      startNew: () => {
        setIsSheetOpen(false);
        navigate("/");
        requestAnimationFrame(() => focusRegion("composer"));
      },
    };
  }, [isNarrow, isSheetOpen, isWanted, navigate]);
  useLiveLists();
  useLandedResults(currentId);
  const frame = useMemo(
    () => ({
      isSidebarShown: !isNarrow && isWanted,
      showSidebar: () => actions.show(true),
      startNew: actions.startNew,
      share: actions.share,
    }),
    [isNarrow, isWanted, actions],
  );
  const shortcuts = useMemo(
    () => ({
      search: () => setDialog((shown) => (shown?.name === "commands" ? null : { name: "commands" })),
      new: actions.startNew,
      list: actions.showShortcuts,
      sidebar: actions.toggleSidebar,
      region: focusNextRegion,
    }),
    [actions],
  );
  useShortcuts(shortcuts);
  const sidebar = (
    <Sidebar
      currentId={currentId}
      onHide={() => actions.show(false)}
      onNew={actions.startNew}
      onSearch={() => setDialog({ name: "commands" })}
      onSettings={actions.showSettings}
    />
  );
  return (
    <FrameProvider value={frame}>
      <SkipLink />
      <div
        className={`grid h-dvh grid-cols-[minmax(0,1fr)] ${frame.isSidebarShown ? "wide:grid-cols-[264px_minmax(0,1fr)]" : ""}`}
      >
        {frame.isSidebarShown && sidebar}
        <div className="min-h-0 min-w-0" inert={isNarrow && isSheetOpen}>
          {children}
        </div>
      </div>
      {isNarrow && isSheetOpen && <SidebarSheet onClose={() => setIsSheetOpen(false)}>{sidebar}</SidebarSheet>}
      <FrameDialogs dialog={dialog} actions={actions} onClose={() => setDialog(null)} />
      <OverlayPlace />
      <NoticeList />
    </FrameProvider>
  );
};
