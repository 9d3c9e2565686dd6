import { getPreferences, subscribePreferences } from "./preferences.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");

const applyTheme = (): void => {
  const { theme } = getPreferences();
  document.documentElement.dataset["theme"] = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
};

/** Keeps the page in the theme that is chosen, or that the system has; `theme.js` did so before the first paint. */
export const followTheme = (): void => {
  applyTheme();
  subscribePreferences(applyTheme);
  dark.addEventListener("change", applyTheme);
};
