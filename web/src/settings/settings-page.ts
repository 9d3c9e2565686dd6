/** The pages of the settings. */
export const settingsPages = ["device", "workspaces", "members", "keys"] as const;
export type SettingsPage = (typeof settingsPages)[number];
