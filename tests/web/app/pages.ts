import type { Page } from "playwright-core";
import type { PagesData } from "./pages-data.ts";

/** A page, or something that stands on one, as a person meets it. */
export interface PageRow {
  readonly name: string;
  /** Absent: somebody who is signed in. */
  readonly isStranger?: true;
  readonly path: (data: PagesData) => string;
  /** Opens what is to be seen, and resolves when it is there. */
  readonly show: (page: Page, isPhone: boolean) => Promise<void>;
}

const heading =
  (name: string | RegExp) =>
  (page: Page): Promise<void> =>
    page.getByRole("heading", { name, level: 1 }).waitFor();

const talking = async (page: Page): Promise<void> => {
  await page.waitForSelector("#composer");
  await page.locator("[data-message]").last().waitFor();
};

/** On a phone the sidebar is a sheet. */
const showSidebar = async (page: Page, isPhone: boolean): Promise<void> => {
  await page.waitForSelector("#composer");
  if (isPhone) await page.getByRole("button", { name: "Show sidebar" }).click();
  await page.getByRole("button", { name: "Settings", exact: true }).waitFor();
};

const settings = (name: string): PageRow => ({
  name: `settings, ${name.toLowerCase()}`,
  path: () => "/",
  show: async (page, isPhone) => {
    await showSidebar(page, isPhone);
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Settings" });
    await dialog.getByRole("navigation").getByRole("button", { name, exact: true }).click();
    await dialog.getByRole("region", { name, exact: true }).waitFor();
    await dialog.getByRole("status", { name: "Loading…" }).waitFor({ state: "detached" });
  },
});

/** A page of the console when it has read what it shows. */
const consolePage = (name: string, path: string): PageRow => ({
  name: `console, ${name.toLowerCase()}`,
  path: () => `/console${path}`,
  show: async (page) => {
    await heading(name)(page);
    await page.getByRole("main").getByRole("table").first().waitFor();
    if (path === "" || path === "/usage") await page.locator(".recharts-bar-rectangle").first().waitFor();
  },
});

const drawer = (name: string, path: string): PageRow => ({
  name: `console, a row of ${name.toLowerCase()}`,
  path: () => `/console${path}`,
  show: async (page) => {
    await page.getByRole("table").getByRole("button").first().click();
    await page.getByRole("complementary").locator("dl").waitFor();
  },
});

const consolePages: readonly PageRow[] = [
  consolePage("Overview", ""),
  consolePage("Users", "/users"),
  consolePage("Conversations", "/conversations"),
  consolePage("Completions", "/completions"),
  consolePage("Tool runs", "/tool-runs"),
  consolePage("Usage", "/usage"),
  consolePage("Audit", "/audit"),
  consolePage("Settings", "/settings"),
  drawer("Users", "/users"),
  drawer("Conversations", "/conversations"),
  drawer("Tool runs", "/tool-runs"),
  drawer("Audit", "/audit"),
  {
    name: "console, a completion with its timeline and raw events",
    path: ({ completionId }) => `/console/completions?row=${completionId}`,
    show: async (page) => {
      await page.getByRole("complementary").getByText("Raw events").click();
      await page
        .getByRole("complementary")
        .getByText(/\d+ chunks, from the log/)
        .waitFor();
    },
  },
  {
    name: "console, a list in which nothing fits",
    path: () => "/console/completions?agent=nobody&from=2020-01-01&zone=UTC",
    show: (page) => page.getByText("Nothing fits these filters.").waitFor(),
  },
];

const entrance: readonly PageRow[] = [
  { name: "sign-in", isStranger: true, path: () => "/sign-in", show: heading("Sign in") },
  { name: "sign-up without an invitation", isStranger: true, path: () => "/sign-up", show: heading(/./) },
  {
    name: "an invitation",
    isStranger: true,
    path: ({ joinPath }) => joinPath,
    show: heading(/^Join /),
  },
  {
    name: "an invitation that can't be used",
    isStranger: true,
    path: () => "/join#ni_nothing",
    show: heading("This invitation can't be used"),
  },
  {
    name: "a shared conversation",
    isStranger: true,
    path: ({ sharedPath }) => sharedPath,
    show: (page) => page.getByText("the quick brown walrus").first().waitFor(),
  },
];

/** One view of an artifact in its panel. */
const artifactTab = (tab: string): PageRow => ({
  name: `an artifact, ${tab.toLowerCase()}`,
  path: ({ conversationId }) => `/c/${conversationId}?artifact=latest`,
  show: async (page) => {
    await page.getByRole("tab", { name: tab }).click();
    await page.getByRole("tabpanel").waitFor();
  },
});

const conversation: readonly PageRow[] = [
  { name: "a conversation", path: ({ conversationId }) => `/c/${conversationId}`, show: talking },
  ...["Preview", "Source", "Changes", "Versions"].map(artifactTab),
  {
    name: "the share dialog",
    path: ({ conversationId }) => `/c/${conversationId}`,
    show: async (page) => {
      await talking(page);
      await page.getByRole("button", { name: "Share", exact: true }).click();
      await page
        .getByRole("dialog")
        .getByText("never opened")
        .or(page.getByRole("dialog").getByText(/opened/))
        .first()
        .waitFor();
    },
  },
  {
    name: "the workspace switcher",
    path: () => "/",
    show: async (page, isPhone) => {
      await showSidebar(page, isPhone);
      await page.getByRole("button", { name: /account and workspaces/ }).click();
      await page.getByRole("menu").getByText("Platform").waitFor();
    },
  },
  {
    name: "search and commands",
    path: () => "/",
    show: async (page) => {
      await page.waitForSelector("#composer");
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search conversations and commands" }).fill("brown walr");
      await page
        .getByRole("option")
        .filter({ has: page.locator("mark") })
        .first()
        .waitFor();
    },
  },
];

const settingsPages: readonly PageRow[] = [
  "This device",
  "Account",
  "Your data",
  "This workspace",
  "Members",
  "Budgets",
  "API keys",
  "Webhooks",
  "Workspaces",
].map(settings);

/** Every page of people and data. */
export const pageRows: readonly PageRow[] = [...entrance, ...conversation, ...settingsPages, ...consolePages];
