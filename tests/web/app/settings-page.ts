import type { Locator, Page } from "playwright-core";

/** Opens a page of the settings by its name. */
export const openSettingsPage = async (page: Page, name: string): Promise<Locator> => {
  await page.getByRole("button", { name: "Settings", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Settings" });
  await dialog.getByRole("navigation", { name: "Settings pages" }).getByRole("button", { name, exact: true }).click();
  return dialog.getByRole("region", { name, exact: true });
};
