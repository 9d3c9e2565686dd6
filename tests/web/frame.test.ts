import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, openContext, type Device } from "./app/chromium.ts";
import { findViolations, openTalk, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const desktop: Device = { name: "desktop", colorScheme: "light" };
const phone: Device = { name: "phone", colorScheme: "dark" };

describe.skipIf(chromiumPath === null)("the frame around a conversation", () => {
  let app: AppProcess;
  let browser: Browser;
  let talk: Talk;
  let page: Page;

  withApp((served) => {
    ({ app, browser } = served);
  });
  beforeEach(async () => {
    talk = await openTalk(browser, app, desktop);
    page = talk.page;
  });
  afterEach(() => talk.context.close());

  const row = (title: string, on: Page = page) => on.locator("aside li", { hasText: title });
  const api = async (path: string, options: { method?: string; body?: unknown } = {}): Promise<unknown> => {
    const token = new URL(app.loginUrl).searchParams.get("token") ?? "";
    const response = await fetch(`${app.url}${path}`, {
      method: options.method ?? (options.body === undefined ? "GET" : "POST"),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    return response.status === 204 ? null : response.json();
  };
  const make = async (title: string, more: object = {}): Promise<string> =>
    ((await api("/v1/conversations", { body: { title, ...more } })) as { id: string }).id;
  const choose = async (title: string, action: string): Promise<void> => {
    await row(title).hover();
    await page.getByRole("button", { name: `Actions for ${title}` }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("menuitem", { name: action, exact: true }).click();
  };

  test("D8, C9 what is made, answered, renamed and deleted elsewhere shows in the sidebar at once", async () => {
    const id = await make("Made elsewhere");
    await row("Made elsewhere").waitFor();
    await api(`/v1/conversations/${id}/completions`, { body: { message: { text: "slow 100" } } });
    await row("Made elsewhere").getByRole("img", { name: "Working" }).waitFor();
    await row("Made elsewhere").getByRole("img", { name: "New reply" }).waitFor();
    await row("Made elsewhere").getByRole("link").click();
    await row("Made elsewhere").getByRole("img", { name: "New reply" }).waitFor({ state: "detached" });
    await api(`/v1/conversations/${id}`, { method: "PATCH", body: { title: "Named elsewhere" } });
    await row("Named elsewhere").waitFor();
    await page.getByRole("heading", { name: "Named elsewhere" }).waitFor();
    await api(`/v1/conversations/${id}`, { method: "DELETE" });
    await row("Named elsewhere").waitFor({ state: "detached" });
    expect(await row("Made elsewhere").count()).toBe(0);
  });

  test("N10 what is unread stands in a list of its own, until it is read", async () => {
    const ids = [await make("Read already"), await make("Answered meanwhile")];
    for (const id of ids) await api(`/v1/conversations/${id}/completions`, { body: { message: { text: "hello" } } });
    for (const title of ["Read already", "Answered meanwhile"])
      await row(title).getByRole("img", { name: "New reply" }).waitFor();
    await row("Read already").getByRole("link").click();
    await row("Read already").getByRole("img", { name: "New reply" }).waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Natter, home" }).click();
    await page.getByRole("button", { name: "Unread", exact: true }).click();
    await page.getByRole("navigation", { name: "Unread" }).waitFor();
    await row("Answered meanwhile").waitFor();
    expect(await row("Read already").count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await row("Answered meanwhile").getByRole("link").click();
    await page.getByRole("heading", { name: "Answered meanwhile" }).waitFor();
    await row("Answered meanwhile").waitFor();
    await page.getByRole("link", { name: "Natter, home" }).click();
    await page.getByText("You have read everything.").waitFor();
    await api(`/v1/conversations/${ids[0]}/completions`, { body: { message: { text: "again" } } });
    await row("Read already").getByRole("img", { name: "New reply" }).waitFor();
    await page.getByRole("button", { name: "Back to conversations" }).click();
    await row("Answered meanwhile").waitFor();
  });

  test("A1 rename, pin, archive and delete from a row; the last two can be taken back", async () => {
    await make("Row <b>one</b>");
    await row("Row <b>one</b>").waitFor();
    await choose("Row <b>one</b>", "Rename");
    await page.getByLabel("New title").fill("Row two");
    await page.keyboard.press("Enter");
    await choose("Row two", "Pin");
    await page.getByRole("heading", { name: "Pinned" }).waitFor();
    await choose("Row two", "Archive");
    await row("Row two").waitFor({ state: "detached" });
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Undo" }).click();
    await row("Row two").waitFor();
    await choose("Row two", "Archive");
    await page.getByRole("button", { name: "Archive", exact: true }).click();
    await row("Row two").waitFor();
    await choose("Row two", "Move back from the archive");
    await page.getByRole("button", { name: "Back to conversations" }).click();
    await row("Row two").waitFor();
    await choose("Row two", "Delete");
    await row("Row two").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).last().click();
    await row("Row two").waitFor();
    const { data } = (await api("/v1/conversations?q=Row%20two")) as { data: object[] };
    expect(data).toMatchObject([{ title: "Row two", pinned: true, status: "active", deletedAt: null }]);
  });

  test("D8 old conversations come with scrolling, a pinned old one stands on top", async () => {
    await make("The oldest", { pinned: true });
    for (let number = 1; number <= 90; number += 1) await make(`Numbered ${number}.`);
    await page.reload();
    await row("Numbered 90.").waitFor();
    await row("The oldest").waitFor();
    expect(await row("Numbered 1.").count()).toBe(0);
    const list = page.getByRole("navigation", { name: "Conversations" });
    await expect
      .poll(async () => {
        await list.evaluate((element) => element.scrollTo(0, element.scrollHeight));
        return row("Numbered 1.").count();
      })
      .toBe(1);
  });

  test("N10 ⌘K finds titles and commands by keyboard alone, and gives the focus back", async () => {
    await make("A needle in the stack");
    await page.keyboard.press("Control+k");
    const field = page.getByRole("combobox", { name: "Search conversations and commands" });
    await field.fill("needle");
    await page.getByRole("option", { name: "A needle in the stack" }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "A needle in the stack" }).waitFor();
    await page.keyboard.press("Control+k");
    await field.fill("dark theme");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.waitForSelector("html[data-theme=dark]");
    await page.reload();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    await page.locator("#composer").focus();
    await page.keyboard.press("Control+k");
    await field.waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("composer");
  });

  test("shortcuts work until they are switched off", async () => {
    const sidebar = page.getByRole("complementary", { name: "Conversations" });
    await page.keyboard.press("Control+b");
    await sidebar.waitFor({ state: "detached" });
    await page.keyboard.press("Control+b");
    await sidebar.waitFor();
    await page.keyboard.press("F6");
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest("[data-region]")?.getAttribute("data-region")))
      .toBe("sidebar");
    await page.keyboard.press("Control+/");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await page.getByRole("switch", { name: "Keyboard shortcuts" }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+b");
    await page.keyboard.press("F6");
    expect(await sidebar.count()).toBe(1);
  });

  test("a new conversation begins from within another, and the way back leads to it", async () => {
    await talk.send("slow 40");
    await page.waitForURL(/\/c\//);
    const first = page.url();
    await page.locator("#composer").evaluate((element) => element.setAttribute("data-marked", ""));
    await talk.idle();
    expect(await page.locator("#composer[data-marked]:focus").count()).toBe(1);
    await page.keyboard.press("Control+Shift+o");
    await page.waitForURL(`${app.url}/`);
    await page.locator("[data-message]").first().waitFor({ state: "detached" });
    await expect.poll(() => page.getByRole("img", { name: /Working|New reply/ }).count()).toBe(0);
    await talk.send("second");
    await page.waitForURL((url) => url.href.includes("/c/") && url.href !== first);
    await talk.idle();
    expect(await page.locator("[data-message]").count()).toBe(2);
    await page.goBack();
    await page.goBack();
    await page.getByText("slow 40").first().waitFor();
    expect(page.url()).toBe(first);
  });

  test("A2 settings chosen for a new conversation go along with its first message", async () => {
    await page.getByRole("button", { name: "Conversation settings" }).click();
    await page.getByLabel("Temperature").fill("2.5");
    await page.getByText("Between 0 and 2.").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    expect(await findViolations(page)).toEqual([]);
    await page.getByLabel("Temperature").fill("0.7");
    await page.getByLabel("Instructions").fill("Be brief.");
    await page.getByRole("button", { name: "Save" }).click();
    await talk.ask("hello");
    const stored = await api(`/v1/conversations/${page.url().split("/c/")[1]}`);
    expect(stored).toMatchObject({ settings: { temperature: 0.7, instructions: "Be brief." } });
  });

  test("A2 settings that somebody else changed meanwhile are not overwritten unseen", async () => {
    const id = await make("Both of us");
    await page.goto(`${app.url}/c/${id}`);
    await page.getByRole("button", { name: "Conversation settings" }).click();
    await page.getByLabel("Top-p").fill("0.5");
    await api(`/v1/conversations/${id}`, { method: "PATCH", body: { settings: { topP: 0.9 } } });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Somebody changed these settings meanwhile").waitFor();
    expect(await api(`/v1/conversations/${id}`)).toMatchObject({ settings: { topP: 0.9 } });
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByLabel("Top-p").waitFor({ state: "detached" });
    expect(await api(`/v1/conversations/${id}`)).toMatchObject({ settings: { topP: 0.5 } });
  });

  test("A2 settings that are not read yet are neither shown nor overwritten", async () => {
    const id = await make("Slow to come");
    await api(`/v1/conversations/${id}`, { method: "PATCH", body: { settings: { topP: 0.7 } } });
    const [settings, save] = ["Conversation settings", "Save"].map((name) => page.getByRole("button", { name }));
    const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    await page.route(/\/v1\/conversations(\?|$)/, (route) => held.promise.then(() => route.continue()));
    await page.route(new RegExp(`/v1/conversations/${id}$`), (route) => {
      asked.resolve();
      return held.promise.then(() => route.continue());
    });
    await page.goto(app.url);
    await settings!.click();
    await save!.waitFor();
    await expect.poll(() => page.keyboard.press("Escape").then(() => save!.count())).toBe(0);
    // the form itself is there by now: what keeps it away is the conversation alone
    await page.evaluate((path) => history.pushState(null, "", path), `/c/${id}`);
    await asked.promise;
    await settings!.click();
    await page.getByRole("dialog", { name: "Conversation settings" }).waitFor();
    expect(await save!.count()).toBe(0);
    held.resolve();
    expect(await page.getByLabel("Top-p").inputValue()).toBe("0.7");
    await page.getByLabel("Temperature").fill("0.4");
    await save!.click();
    await save!.waitFor({ state: "detached" });
    expect(await api(`/v1/conversations/${id}`)).toMatchObject({ settings: { topP: 0.7, temperature: 0.4 } });
  });

  test("N10 what was answered while nobody looked is unread on every device, until it is looked at on one", async () => {
    const id = await make("Answered elsewhere");
    await api(`/v1/conversations/${id}/completions`, { body: { message: { text: "hello" } } });
    await row("Answered elsewhere").getByRole("img", { name: "New reply" }).waitFor();
    const other = await openTalk(browser, app, desktop);
    const unread = row("Answered elsewhere", other.page).getByRole("img", { name: "New reply" });
    await unread.waitFor();
    await row("Answered elsewhere").getByRole("link").click();
    await page.locator('[data-role="assistant"]').waitFor();
    await unread.waitFor({ state: "detached" });
    await page.reload();
    await page.locator('[data-role="assistant"]').waitFor();
    expect(await row("Answered elsewhere").getByRole("img", { name: "New reply" }).count()).toBe(0);
    await other.context.close();
  });

  test("N10 a temporary conversation is chosen before its first message, is in no list, and can be what new ones are", async () => {
    const temporary = page.getByRole("button", { name: "Temporary" });
    await temporary.click();
    expect(await temporary.getAttribute("aria-pressed")).toBe("true");
    await page.getByText("This conversation will be in no list").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await talk.ask("say nothing of this");
    await page.locator("main header").getByText("Temporary").waitFor();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    expect(await api(`/v1/conversations/${id}`)).toMatchObject({ temporary: true });
    expect(await row("nothing of this").count()).toBe(0);
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await page.getByRole("switch", { name: /New conversations are temporary/ }).click();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New conversation" }).first().click();
    await page.getByRole("button", { name: "Temporary", pressed: true }).click();
    await talk.ask("say this aloud");
    await row("this aloud").waitFor();
  });

  test("N9 the model is called what it is: no AI", async () => {
    await page.getByRole("button", { name: /^Model:.*not an AI/ }).click();
    expect(await page.getByRole("option", { selected: true }).innerText()).toContain("not an AI");
    expect(await findViolations(page)).toEqual([]);
  });

  test("a conversation that is not there says so, and so does a page", async () => {
    await page.goto(`${app.url}/c/00000000-0000-7000-8000-000000000000`);
    await page.getByText("There is no such conversation").waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect((await page.goto(`${app.url}/nowhere`))?.status()).toBe(404);
  });

  test("somebody who is not signed in, or not any more, is told how to, and sees nothing", async () => {
    const context = await openContext(browser, desktop);
    const stranger = await context.newPage();
    await stranger.goto(app.url);
    await stranger.getByText("Open the link that natter start printed").waitFor();
    expect(await stranger.locator("aside, textarea").count()).toBe(0);
    expect(await findViolations(stranger)).toEqual([]);
    await stranger.goto(app.loginUrl);
    await stranger.waitForSelector("#composer");
    await stranger.getByRole("textbox", { name: "Message", exact: true }).fill("said too late");
    await context.clearCookies();
    await stranger.keyboard.press("Enter");
    await stranger.getByText("Open the link that natter start printed").waitFor();
    await stranger.goto(app.loginUrl);
    await stranger.waitForSelector("#composer");
    await context.close();
  });

  test("on a phone the sidebar is a sheet that goes when a conversation is chosen", async () => {
    await make("On the phone");
    const { context, page: small } = await openTalk(browser, app, phone);
    await small.getByRole("button", { name: "Show sidebar" }).tap();
    await row("On the phone", small).waitFor();
    expect(await findViolations(small)).toEqual([]);
    await row("On the phone", small).getByRole("link").tap();
    await small.locator("aside").waitFor({ state: "detached" });
    await small.getByRole("heading", { name: "On the phone" }).waitFor();
    await small.getByRole("button", { name: "Show sidebar" }).tap();
    await small.keyboard.press("Escape");
    await small.locator("aside").waitFor({ state: "detached" });
    expect(await small.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await context.close();
  });
});
