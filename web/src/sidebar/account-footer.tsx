import { LogOut, Moon, Settings2, Sun } from "lucide-react";
import { signOut } from "../kept/sign-out.ts";
import { changePreferences, usePreferences } from "../settings/preferences.ts";
import type { SettingsPage } from "../settings/conversation/settings-page.ts";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { IconButton } from "../ui/button/icon-button.tsx";
import { useMedia } from "../ui/use-media.ts";
import { AccountMenu } from "./account-menu.tsx";
import { sidebarTexts } from "./sidebar-texts.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

/** Who is signed in and where, the theme, and the way to the settings. */
export const AccountFooter = ({ onSettings }: { readonly onSettings: (page?: SettingsPage) => void }) => {
  const client = useNatter();
  const me = useMe();
  const { theme } = usePreferences();
  const isSystemDark = useMedia("(prefers-color-scheme: dark)");
  const shown = theme === "system" ? (isSystemDark ? "dark" : "light") : theme;
  return (
    <footer className="-mx-2.5 flex h-[60px] shrink-0 items-center gap-1 border-t border-line pe-2 ps-3 pb-[env(safe-area-inset-bottom)]">
      <AccountMenu onSettings={onSettings} />
      <IconButton
        label={sidebarTexts.theme[shown]}
        icon={shown === "dark" ? <Sun {...icon} /> : <Moon {...icon} />}
        onClick={() => changePreferences({ theme: shown === "dark" ? "light" : "dark" })}
      />
      {me?.hasSession === true && (
        <IconButton label={sidebarTexts.signOut} icon={<LogOut {...icon} />} onClick={() => void signOut(client)} />
      )}
      <IconButton label={sidebarTexts.settings} icon={<Settings2 {...icon} />} onClick={() => onSettings()} />
    </footer>
  );
};
