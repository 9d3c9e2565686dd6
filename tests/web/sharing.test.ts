import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices, openContext, type Device } from "./app/chromium.ts";
import { findViolations, openTalk, talkOn } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const shareFrom = (page: Page) =>
  page.locator("main header").getByRole("button", { name: "Share", exact: true }).click();
const desktop: Device = { name: "desktop", colorScheme: "light" };

describe.skipIf(chromiumPath === null)("sharing", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  const dialogOf = (page: Page) => page.getByRole("dialog", { name: "Share conversation" });
  const makeLink = async (page: Page): Promise<string> => {
    await dialogOf(page).getByRole("button", { name: "Make a link" }).click();
    const made = dialogOf(page).getByRole("textbox", { name: "The new link" });
    await made.waitFor();
    return made.inputValue();
  };
  /** As somebody who has nothing but the link. */
  const visit = async (link: string): Promise<{ status: number; text: string }> => {
    const context = await openContext(browser, desktop);
    const page = await context.newPage();
    const response = await page.goto(link);
    const text = await page.locator("body").innerText();
    await context.close();
    return { status: response?.status() ?? 0, text };
  };

  test("A4 a link shows what was said up to its message, is counted, put in place of an older one, and revoked at once", async () => {
    const { page, context, ask } = await openTalk(browser, app, desktop);
    await ask("say first");
    await ask("say second");
    await page.getByRole("button", { name: "More" }).first().click();
    await page.getByRole("menuitem", { name: "Share up to here…" }).click();
    const dialog = dialogOf(page);
    await dialog.getByText("There is no link yet.").waitFor();
    expect(await dialog.getByRole("combobox", { name: "Up to" }).inputValue()).toBe("message");
    const early = await makeLink(page);
    const shown = await visit(early);
    expect(shown.text).toContain("say first");
    expect(shown.text).not.toContain("say second");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await shareFrom(page);
    await dialog.getByText(/opened 1 time · ends at an earlier message/).waitFor();
    expect(await dialog.getByRole("combobox", { name: "Up to" }).count()).toBe(0);
    await dialog.getByRole("button", { name: /^Make a link up to the last message/ }).click();
    await dialog.getByRole("group").getByRole("button", { name: "Update" }).click();
    const link = await dialog.getByRole("textbox", { name: "The new link" }).inputValue();
    expect((await visit(link)).text).toContain("say second");
    expect((await visit(early)).status).toBe(404);
    await expect.poll(() => dialog.getByRole("listitem").count()).toBe(1);

    await dialog.getByRole("button", { name: /^Revoke the link/ }).click();
    await dialog.getByRole("group").getByRole("button", { name: "Revoke" }).click();
    await dialog.getByText("There is no link yet.").waitFor();
    expect((await visit(link)).status).toBe(404);
    expect(await dialog.getByRole("textbox", { name: "The new link" }).count()).toBe(0);
    await context.close();
  }, 60_000);

  test("A4 from the list a conversation is opened to its workspace and closed again; the focus comes back", async () => {
    const { page, context, ask } = await openTalk(browser, app, desktop);
    await ask("say for the workspace");
    const menu = page
      .locator("aside li")
      .first()
      .getByRole("button", { name: /^Actions for/ });
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Share…" }).click();
    const everybody = dialogOf(page).getByRole("radio", { name: "Everybody in it" });
    await everybody.click();
    await dialogOf(page).getByText("Members read and write in it, readers read.").waitFor();
    await page.keyboard.press("Escape");
    await dialogOf(page).waitFor({ state: "detached" });
    expect(await menu.evaluate((button) => document.activeElement === button)).toBe(true);
    await shareFrom(page);
    await dialogOf(page).getByRole("radio", { name: "Everybody in it", checked: true }).waitFor();
    await dialogOf(page).getByRole("radio", { name: "Only you" }).click();
    await dialogOf(page).getByText("Nobody else can open it").waitFor();
    await context.close();
  }, 60_000);

  test.each(devices)(
    "the dialog has no axe violation on $name, $colorScheme, and says why a link could not be made",
    async (device) => {
      const { page, context, ask } = await openTalk(browser, app, device);
      await ask("say words to share");
      await shareFrom(page);
      await dialogOf(page).getByText("There is no link yet.").waitFor();
      expect(await findViolations(page)).toEqual([]);
      await page.route("**/shares", (route) =>
        route.request().method() === "POST" ? route.abort() : route.continue(),
      );
      await dialogOf(page).getByRole("button", { name: "Make a link" }).click();
      await dialogOf(page).getByText("The server can't be reached; check the connection.").waitFor();
      await page.unroute("**/shares");
      await makeLink(page);
      await dialogOf(page).getByText("never opened").waitFor();
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await context.close();
    },
    60_000,
  );

  test("A4 whoever has a link asks a copy of their own, and goes on in it; in the archive nothing is written", async () => {
    const { page, context, ask } = await openTalk(browser, app, desktop);
    await ask("say something to copy");
    await shareFrom(page);
    await page.goto(await makeLink(page));
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("link", { name: "Ask your own copy" }).click();
    await page.getByRole("heading", { name: "say something to copy" }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Make my copy" }).click();
    await page.waitForSelector("#composer");
    await page.locator('[data-role="user"]').getByText("say something to copy").waitFor();
    await (await talkOn(context, page)).ask("say more");
    await expect.poll(() => page.locator("[data-message]").count()).toBe(4);
    await page.goto(`${app.url}/copy#nothing-of-the-kind-here`);
    await page.getByRole("heading", { name: "There is nothing to copy" }).waitFor();
    await page.goBack();
    await page.waitForSelector("#composer");
    await page.locator("aside li").first().hover();
    await page
      .locator("aside li")
      .first()
      .getByRole("button", { name: /^Actions for/ })
      .click();
    const place = page.url();
    await page.getByRole("menuitem", { name: "Archive" }).click();
    await page.goto(place);
    await page.getByText("This conversation is archived.").waitFor();
    expect(await page.locator("#composer").count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "Move it back" }).click();
    await page.waitForSelector("#composer");
    await context.close();
  }, 60_000);
});

describe.skipIf(chromiumPath === null)("sharing with a workspace", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp(
    (served) => {
      ({ app, browser } = served);
    },
    { NATTER_ACCOUNTS: "open" },
  );

  const signUp = async (page: Page, name: string): Promise<void> => {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("E-mail").fill(`${name}@example.org`);
    await page.getByLabel("Password").fill("a long enough password");
    await page.getByRole("button", { name: "Create account" }).click();
  };
  const post = (page: Page, path: string, body: object) =>
    page.evaluate(
      async ({ path: to, body: content }) => {
        const headers = { "content-type": "application/json" };
        const response = await fetch(to, { method: "POST", headers, body: JSON.stringify(content) });
        return (await response.json()) as { token: string; workspaceId: string };
      },
      { path, body },
    );

  test("A4 a reader reads what is shared, and asks a copy of their own where they may write", async () => {
    const owners = await openContext(browser, desktop);
    const owner = await owners.newPage();
    await owner.goto(app.loginUrl);
    await signUp(owner, "anna");
    const talk = await talkOn(owners, owner);
    await talk.ask("say hello to readers");
    await shareFrom(owner);
    await owner.getByRole("radio", { name: "Everybody in it" }).click();
    await owner.getByText("Members read and write in it, readers read.").waitFor();
    const { workspaceId } = await owner.evaluate(
      async () => (await (await fetch("/v1/me")).json()) as { workspaceId: string },
    );
    const { token } = await post(owner, `/v1/workspaces/${workspaceId}/invitations`, { role: "reader" });

    const readers = await openContext(browser, desktop);
    const reader = await readers.newPage();
    await reader.goto(`${app.url}/sign-up`);
    await signUp(reader, "rosa");
    await reader.waitForSelector("#composer");
    await reader.goto(`${app.url}/join#${token}`);
    await reader.getByRole("button", { name: "Join" }).click();
    await reader.getByText("In this workspace you can read what is shared").waitFor();
    await reader.getByRole("button", { name: "Shared with you" }).click();
    const shared = reader.getByRole("navigation", { name: "Shared with you" }).locator("li").first();
    await shared.hover();
    await shared.getByRole("button", { name: /^Actions for/ }).click();
    expect(await reader.getByRole("menuitem").allInnerTexts()).toEqual(["Export as JSON", "Export as Markdown"]);
    expect(await findViolations(reader)).toEqual([]);
    await reader.keyboard.press("Escape");
    await shared.getByRole("link").click();
    await reader.getByText("You can read this conversation, but not write in it.").waitFor();
    expect(await reader.locator("#composer").count()).toBe(0);
    expect(await reader.locator("main header").getByRole("button", { name: "Share", exact: true }).count()).toBe(0);
    expect(await reader.getByRole("button", { name: "Conversation settings" }).count()).toBe(0);
    expect(await reader.getByRole("button", { name: /^Model:/ }).isDisabled()).toBe(true);
    expect(await findViolations(reader)).toEqual([]);
    await reader.getByRole("button", { name: "Ask your own copy" }).click();
    await reader.waitForSelector("#composer");
    expect(reader.url()).not.toBe(owner.url());
    await (await talkOn(readers, reader)).ask("say my own words");
    await expect.poll(() => reader.locator("[data-message]").count()).toBe(4);
    await readers.close();
    await owners.close();
  }, 120_000);
});
