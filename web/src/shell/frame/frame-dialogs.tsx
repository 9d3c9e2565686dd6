import { Suspense } from "react";
import type { SettingsPage } from "../../settings/conversation/settings-page.ts";
import type { ShareTarget } from "../../sharing/share-target.ts";
import { lazyPart } from "../../ui/lazy-part.ts";
import { commandsOf, type PageActions } from "../commands/commands.ts";

const CommandDialog = lazyPart(async () => (await import("../commands/command-dialog.tsx")).CommandDialog);
const SettingsDialog = lazyPart(
  async () => (await import("../../settings/conversation/settings-dialog.tsx")).SettingsDialog,
);
const ShareDialog = lazyPart(async () => (await import("../../sharing/share-dialog.tsx")).ShareDialog);
const ShortcutDialog = lazyPart(async () => (await import("../commands/shortcut-dialog.tsx")).ShortcutDialog);

/** Which dialog stands over the page, and what it is about. */
export type OpenDialog =
  | { readonly name: "commands" | "shortcuts" }
  | { readonly name: "settings"; readonly page: SettingsPage }
  | { readonly name: "share"; readonly target: ShareTarget };

export interface FrameDialogsProps {
  readonly dialog: OpenDialog | null;
  readonly actions: PageActions;
  readonly onClose: () => void;
}

/** The dialogs that can be opened from anywhere, one at a time. */
export const FrameDialogs = ({ dialog, actions, onClose }: FrameDialogsProps) => (
  <Suspense>
    {dialog?.name === "commands" && <CommandDialog commands={commandsOf(actions)} onClose={onClose} />}
    {dialog?.name === "settings" && (
      <SettingsDialog page={dialog.page} onPage={actions.showSettings} onClose={onClose} />
    )}
    {dialog?.name === "share" && <ShareDialog target={dialog.target} onClose={onClose} />}
    {dialog?.name === "shortcuts" && <ShortcutDialog onClose={onClose} />}
  </Suspense>
);
