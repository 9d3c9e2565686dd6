import { useSyncExternalStore } from "react";
import { createStoredValue, isRecord } from "../ui/stored-value.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** What a person has chosen on this device. */
export interface Preferences {
  readonly theme: Theme;
  /** What Enter does in the composer; the other is Shift+Enter, or ⌘Enter. */
  readonly enter: "send" | "line";
  /** What a screen reader hears of an answer: that it is there, or its sentences as they come. */
  readonly announce: "states" | "sentences";
  readonly shortcuts: boolean;
  readonly sidebar: boolean;
  /** Whether new conversations begin as temporary ones. */
  readonly temporary: boolean;
}

const parsePreferences = (stored: unknown): Preferences => {
  const known = isRecord(stored) ? stored : {};
  return {
    theme: themes.find((theme) => theme === known["theme"]) ?? "system",
    enter: known["enter"] === "line" ? "line" : "send",
    announce: known["announce"] === "sentences" ? "sentences" : "states",
    shortcuts: known["shortcuts"] !== false,
    sidebar: known["sidebar"] !== false,
    temporary: known["temporary"] === true,
  };
};

const stored = createStoredValue("natter.preferences", parsePreferences);

export const getPreferences = stored.get;
export const subscribePreferences = stored.subscribe;

export const changePreferences = (change: Partial<Preferences>): void => stored.set({ ...stored.get(), ...change });

export const usePreferences = (): Preferences => useSyncExternalStore(stored.subscribe, stored.get);
