import { useQuery } from "@tanstack/react-query";
import { Moon, Settings2, Sun } from "lucide-react";
import { changePreferences, usePreferences } from "../settings/preferences.ts";
import { useNatter } from "../shell/natter-context.ts";
import { IconButton } from "../ui/icon-button.tsx";
import { useMedia } from "../ui/use-media.ts";
import { sidebarTexts } from "./sidebar-texts.ts";

const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true };

const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => /./u.exec(word)?.[0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase();

/** Who is signed in, the theme, and the way to the settings. */
export const AccountFooter = ({ onSettings }: { readonly onSettings: () => void }) => {
  const client = useNatter();
  const { data: me } = useQuery({ queryKey: ["me"], queryFn: () => client.me(), staleTime: 60_000 });
  const { theme } = usePreferences();
  const isSystemDark = useMedia("(prefers-color-scheme: dark)");
  const shown = theme === "system" ? (isSystemDark ? "dark" : "light") : theme;
  const name = me?.name ?? sidebarTexts.account;
  return (
    <footer className="-mx-2.5 flex h-[60px] shrink-0 items-center gap-1 border-t border-line pe-2 ps-3 pb-[env(safe-area-inset-bottom)]">
      <span
        aria-hidden="true"
        className="mr-1.5 grid size-[30px] shrink-0 place-items-center rounded-full bg-accent-soft text-11 font-[650] text-accent-ink"
      >
        {me?.name ? initialsOf(me.name) : "ME"}
      </span>
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
      <IconButton label={sidebarTexts.settings} icon={<Settings2 {...icon} />} onClick={onSettings} />
    </footer>
  );
};
