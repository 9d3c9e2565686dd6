import { LogOut, Moon, Settings2, Sun } from "lucide-react";
import { changePreferences, usePreferences } from "../settings/preferences.ts";
import { basePath } from "../shell/base-path.ts";
import { useNatter } from "../shell/natter-context.ts";
import { useMe } from "../shell/use-me.ts";
import { Avatar } from "../ui/avatar.tsx";
import { IconButton } from "../ui/icon-button.tsx";
import { useMedia } from "../ui/use-media.ts";
import { sidebarTexts } from "./sidebar-texts.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

/** Who is signed in, the theme, and the way to the settings. */
export const AccountFooter = ({ onSettings }: { readonly onSettings: () => void }) => {
  const client = useNatter();
  const me = useMe();
  const { theme } = usePreferences();
  const isSystemDark = useMedia("(prefers-color-scheme: dark)");
  const shown = theme === "system" ? (isSystemDark ? "dark" : "light") : theme;
  const name = me?.name ?? sidebarTexts.account;
  return (
    <footer className="-mx-2.5 flex h-[60px] shrink-0 items-center gap-1 border-t border-line pe-2 ps-3 pb-[env(safe-area-inset-bottom)]">
      <Avatar name={me?.name ?? null} fallback="ME" className="mr-1.5" />
      <span className="min-w-0 flex-1 leading-tight">
        <b dir="auto" className="block truncate font-[550]">
          {name}
        </b>
        <small className="block truncate text-12 text-text-3">
          {me === undefined ? "" : sidebarTexts.roles[me.role]}
        </small>
      </span>
      <IconButton
        label={sidebarTexts.theme[shown]}
        icon={shown === "dark" ? <Sun {...icon} /> : <Moon {...icon} />}
        onClick={() => changePreferences({ theme: shown === "dark" ? "light" : "dark" })}
      />
      {me?.hasSession === true && (
        <IconButton
          label={sidebarTexts.signOut}
          icon={<LogOut {...icon} />}
          onClick={() => void client.account.signOut().finally(() => location.assign(`${basePath}/`))}
        />
      )}
      <IconButton label={sidebarTexts.settings} icon={<Settings2 {...icon} />} onClick={onSettings} />
    </footer>
  );
};
