import {
  ArrowDownUp,
  Building2,
  Keyboard,
  KeyRound,
  Monitor,
  Moon,
  PanelLeft,
  Plus,
  Settings2,
  Sun,
  Users,
  type LucideIcon,
} from "lucide-react";
import { changePreferences } from "../../settings/preferences.ts";
import type { SettingsPage } from "../../settings/conversation/settings-page.ts";
import { commandTexts } from "./command-texts.ts";

/** Something that can be done from anywhere. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  act(this: void): void;
}

/** What the page around a conversation can do. */
export interface PageActions {
  startNew(this: void): void;
  toggleSidebar(this: void): void;
  showSettings(this: void, page?: SettingsPage): void;
  showShortcuts(this: void): void;
}

export const commandsOf = (page: PageActions): readonly Command[] => [
  { id: "new", label: commandTexts.newConversation, icon: Plus, keys: "mod+shift+o", act: page.startNew },
  { id: "sidebar", label: commandTexts.showSidebar, icon: PanelLeft, keys: "mod+b", act: page.toggleSidebar },
  { id: "settings", label: commandTexts.settings, icon: Settings2, act: () => page.showSettings() },
  { id: "members", label: commandTexts.members, icon: Users, act: () => page.showSettings("members") },
  { id: "keys", label: commandTexts.keys, icon: KeyRound, act: () => page.showSettings("keys") },
  { id: "data", label: commandTexts.data, icon: ArrowDownUp, act: () => page.showSettings("data") },
  { id: "workspace", label: commandTexts.workspace, icon: Building2, act: () => page.showSettings("workspace") },
  { id: "shortcuts", label: commandTexts.shortcuts, icon: Keyboard, keys: "mod+/", act: page.showShortcuts },
  { id: "dark", label: commandTexts.darkTheme, icon: Moon, act: () => changePreferences({ theme: "dark" }) },
  { id: "light", label: commandTexts.lightTheme, icon: Sun, act: () => changePreferences({ theme: "light" }) },
  { id: "system", label: commandTexts.systemTheme, icon: Monitor, act: () => changePreferences({ theme: "system" }) },
];
