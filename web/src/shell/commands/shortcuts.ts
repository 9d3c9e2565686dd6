import { useEffect } from "react";
import { usePreferences } from "../../settings/preferences.ts";

/** Every shortcut of the app; `mod` is ⌘ on Apple's keyboards and Ctrl on others. */
export const shortcuts = [
  { id: "search", keys: "mod+k", label: "Search and commands" },
  { id: "new", keys: "mod+shift+o", label: "New conversation" },
  { id: "list", keys: "mod+/", label: "Keyboard shortcuts" },
  { id: "sidebar", keys: "mod+b", label: "Show or hide the sidebar" },
  { id: "artifact", keys: "mod+shift+a", label: "Show or hide artifacts" },
  { id: "region", keys: "F6", label: "Go to the next region" },
  { id: "next", keys: "j", label: "Next message" },
  { id: "previous", keys: "k", label: "Previous message" },
  { id: "copy", keys: "mod+shift+c", label: "Copy the last answer" },
  { id: "branch", keys: "alt+←", label: "Previous version of a message; alt+→ the next one" },
  { id: "send-now", keys: "mod+Enter", label: "Stop the answer and send now" },
  { id: "stop", keys: "Escape", label: "Close a menu, then stop the answer" },
  { id: "edit", keys: "↑", label: "In an empty message box: edit your last message" },
] as const;

export type ShortcutId = (typeof shortcuts)[number]["id"];

const isPressed = (event: KeyboardEvent, keys: string): boolean => {
  const parts = keys.split("+");
  const key = parts.at(-1) ?? "";
  return (
    event.key.toLowerCase() === key.toLowerCase() &&
    (event.metaKey || event.ctrlKey) === parts.includes("mod") &&
    event.shiftKey === parts.includes("shift") &&
    event.altKey === parts.includes("alt")
  );
};

/** What each shortcut does while the caller is shown; none of them do anything when a person has switched them off. */
export const useShortcuts = (actions: Partial<Readonly<Record<ShortcutId, () => void>>>): void => {
  const { shortcuts: areOn } = usePreferences();
  useEffect(() => {
    if (!areOn) return;
    const act = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const shortcut = shortcuts.find(({ id, keys }) => actions[id] !== undefined && isPressed(event, keys));
      if (shortcut === undefined) return;
      event.preventDefault();
      actions[shortcut.id]?.();
    };
    addEventListener("keydown", act);
    return () => removeEventListener("keydown", act);
  }, [actions, areOn]);
};
