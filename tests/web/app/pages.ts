import type { Locator, Page } from "playwright-core";
import type { PagesData } from "./pages-data.ts";

/** What is on a page only when the last of what it shows has come from the server: all of them are awaited. */
type Signs = (page: Page) => readonly Locator[];

/** A page, or something that stands on one, as a person meets it. */
export interface PageRow {
  readonly name: string;
  /** Absent: somebody who is signed in. */
  readonly isStranger?: true;
  readonly path: (data: PagesData) => string;
  /** Opens what is to be seen; absent: it is there when the page is. */
  readonly open?: (page: Page, isPhone: boolean) => Promise<void>;
  readonly signs: Signs;
}

/** Resolves when all is there that the row is about; rejects when a sign does not come, or the page still says that it loads. */
export const show = async (page: Page, { open, signs }: PageRow, isPhone: boolean): Promise<void> => {
  await open?.(page, isPhone);
  for (const sign of signs(page)) await sign.first().waitFor();
  const loads = page.getByRole("status").filter({ hasText: /^Loading/ });
  const waits = loads.or(page.getByRole("status", { name: /^Loading/ }));
  if ((await waits.count()) > 0) throw new Error("what is waited for was there before the page had loaded");
};

const heading =
  (name: string): Signs =>
  (page) => [page.getByRole("heading", { name, level: 1 })];

/** The conversation with an artifact, whole. */
const talking: Signs = (page) => [
  page.locator("#composer"),
  page.locator("[data-message]").getByText("the quick brown walrus"),
  page.locator("[data-message]").getByText("How to make tea"),
  page.locator("[data-message][data-role=assistant][aria-busy=false]").nth(1),
];

/** On a phone the sidebar is a sheet. */
const showSidebar = async (page: Page, isPhone: boolean): Promise<void> => {
  await page.waitForSelector("#composer");
  if (isPhone) await page.getByRole("button", { name: "Show sidebar" }).click();
  await page.getByRole("button", { name: "Settings", exact: true }).waitFor();
};

type Region = (region: Locator) => readonly Locator[];

const settings = (name: string, signs: Region): PageRow => {
  const dialog = (page: Page): Locator => page.getByRole("dialog", { name: "Settings" });
  return {
    name: `settings, ${name.toLowerCase()}`,
    path: () => "/",
    open: async (page, isPhone) => {
      await showSidebar(page, isPhone);
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await dialog(page).getByRole("navigation").getByRole("button", { name, exact: true }).click();
    },
    signs: (page) => signs(dialog(page).getByRole("region", { name, exact: true })),
  };
};

const row = (page: Page): Locator => page.getByRole("main").getByRole("table").getByRole("row").nth(1);
const bars = (page: Page): Locator => page.getByRole("main").locator(".recharts-bar-rectangle");
const section = (page: Page, title: string): Locator =>
  page
    .getByRole("main")
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: title, exact: true }) });

/** Each part of it is read by itself. */
const overview: Signs = (page) => [
  section(page, "Now").locator("dl"),
  section(page, "Last 24 hours").locator("dl"),
  section(page, "Why answers failed").getByRole("table"),
  section(page, "Newest failures").getByRole("table"),
  section(page, "Usage of the last 30 days").getByRole("table"),
  bars(page),
];

/** A page of the console when it has read what it shows. */
const consolePage = (name: string, path: string, more: Signs = () => []): PageRow => ({
  name: `console, ${name.toLowerCase()}`,
  path: () => `/console${path}`,
  signs: (page) => [...heading(name)(page), row(page), ...more(page)],
});

/** The first row of a list, opened; `more` is what it shows besides its facts. */
const drawer = (name: string, path: string, more: (opened: Locator) => readonly Locator[] = () => []): PageRow => ({
  name: `console, a row of ${name.toLowerCase()}`,
  path: () => `/console${path}`,
  open: (page) => row(page).getByRole("button").click(),
  signs: (page) => {
    const opened = page.getByRole("complementary");
    return [opened.locator("dl"), ...more(opened)];
  },
});

const consolePages: readonly PageRow[] = [
  consolePage("Overview", "", overview),
  consolePage("Users", "/users"),
  consolePage("Conversations", "/conversations"),
  consolePage("Completions", "/completions"),
  consolePage("Tool runs", "/tool-runs"),
  consolePage("Usage", "/usage", (page) => [bars(page)]),
  consolePage("Audit", "/audit"),
  consolePage("Settings", "/settings", (page) => [page.getByRole("heading", { name: "Limits" })]),
  drawer("Users", "/users", (opened) => [opened.getByText("CI <b>key</b>")]),
  drawer("Conversations", "/conversations"),
  drawer("Tool runs", "/tool-runs"),
  drawer("Audit", "/audit"),
  {
    name: "console, a completion with its timeline and raw events",
    path: ({ completionId }) => `/console/completions?row=${completionId}`,
    open: (page) => page.getByRole("complementary").getByText("Raw events").click(),
    signs: (page) => [page.getByRole("complementary").getByText(/\d+ chunks, from the log/)],
  },
  {
    name: "console, a list in which nothing fits",
    path: () => "/console/completions?agent=nobody&from=2020-01-01&zone=UTC",
    signs: (page) => [page.getByText("Nothing fits these filters.")],
  },
];

const entrance: readonly PageRow[] = [
  { name: "sign-in", isStranger: true, path: () => "/sign-in", signs: heading("Sign in") },
  { name: "sign-up without an invitation", isStranger: true, path: () => "/sign-up", signs: heading("Sign in") },
  {
    name: "an invitation",
    isStranger: true,
    path: ({ joinPath }) => joinPath,
    signs: (page) => [page.getByRole("heading", { name: /^Join /, level: 1 })],
  },
  {
    name: "an invitation that can't be used",
    isStranger: true,
    path: () => "/join#ni_nothing",
    signs: heading("This invitation can't be used"),
  },
  {
    name: "a shared conversation",
    isStranger: true,
    path: ({ sharedPath }) => sharedPath,
    signs: (page) => [page.getByText("the quick brown walrus"), page.getByText("How to make tea")],
  },
];

/** One view of an artifact in its panel. */
const artifactTab = (tab: string, signs: (panel: Locator) => readonly Locator[]): PageRow => ({
  name: `an artifact, ${tab.toLowerCase()}`,
  path: ({ conversationId }) => `/c/${conversationId}?artifact=latest`,
  open: (page) => page.getByRole("tab", { name: tab }).click(),
  signs: (page) => signs(page.getByRole("tabpanel", { name: tab })),
});

const conversation: readonly PageRow[] = [
  { name: "a conversation", path: ({ conversationId }) => `/c/${conversationId}`, signs: talking },
  artifactTab("Preview", (panel) => [panel.getByRole("heading", { name: "Changed" })]),
  artifactTab("Source", (panel) => [panel.getByText("This is what I made of version 1.")]),
  artifactTab("Changes", (panel) => [panel.getByText("This is what I made of version 1.")]),
  artifactTab("Versions", (panel) => [panel.getByRole("listitem").nth(1)]),
  {
    name: "the share dialog",
    path: ({ conversationId }) => `/c/${conversationId}`,
    open: (page) => page.getByRole("button", { name: "Share", exact: true }).click(),
    signs: (page) => [...talking(page), page.getByRole("dialog").getByText(/opened/)],
  },
  {
    name: "the workspace switcher",
    path: () => "/",
    open: async (page, isPhone) => {
      await showSidebar(page, isPhone);
      await page.getByRole("button", { name: /account and workspaces/ }).click();
    },
    signs: (page) => [page.getByRole("menu").getByText("Platform")],
  },
  {
    name: "search and commands",
    path: () => "/",
    open: async (page) => {
      await page.waitForSelector("#composer");
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search conversations and commands" }).fill("brown walr");
    },
    signs: (page) => [page.getByRole("option").filter({ has: page.locator("mark") })],
  },
];

const settingsPages: readonly PageRow[] = [
  settings("This device", (region) => [region.getByText("Theme"), region.getByRole("button", { name: "Forget all" })]),
  settings("Account", (region) => [region.getByText("This browser")]),
  settings("Your data", (region) => [region.getByRole("link", { name: /^Download as / })]),
  settings("This workspace", (region) => [region.getByRole("button", { name: "Save" })]),
  settings("Members", (region) => [region.getByText("Anna"), region.getByText("Ben of sales")]),
  settings("Budgets", (region) => [region.getByText(/^None is set here/)]),
  settings("API keys", (region) => [region.getByText("CI <b>key</b>")]),
  settings("Webhooks", (region) => [region.getByText("There is no webhook yet.")]),
  settings("Workspaces", (region) => [region.getByText("Platform")]),
];

/** Every page of people and data. */
export const pageRows: readonly PageRow[] = [...entrance, ...conversation, ...settingsPages, ...consolePages];
