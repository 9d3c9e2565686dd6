/** The pages of the settings: about oneself, and about the workspace. */
export const settingsGroups = {
  own: ["device", "account", "data"],
  workspace: ["workspace", "members", "budgets", "keys", "webhooks", "workspaces"],
} as const;

export type SettingsPage = (typeof settingsGroups)[keyof typeof settingsGroups][number];
