import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices, openContext, type Device } from "./app/chromium.ts";
import { findViolations, talkOn } from "./app/talk.ts";
import { withApp, type Served } from "./app/with-app.ts";

const [desktop] = devices;
const password = "a long enough password";

describe.skipIf(chromiumPath === null)("workspaces, members and keys in the web app", () => {
  let app: AppProcess;
  let browser: Served["browser"];
  let anna: string;

  const signUp = async (page: Page, name: string): Promise<void> => {
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("E-mail").fill(`${name}@example.org`);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForSelector("#composer");
  };
  const visit = async (device: Device = desktop!): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await openContext(browser, device);
    const page = await context.newPage();
    return { context, page };
  };
  /** Anna, as one more of her devices. */
  const openAnna = async (device: Device = desktop!) => {
    const { context, page } = await visit(device);
    await context.addCookies(JSON.parse(anna));
    await page.goto(app.url);
    await page.waitForSelector("#composer");
    return { context, page };
  };
  const openPage = async (page: Page, name: string): Promise<void> => {
    await page.waitForSelector("[data-region=header]");
    if ((await page.getByRole("button", { name: "Settings", exact: true }).count()) === 0)
      await page.getByRole("button", { name: "Show sidebar" }).click();
    await page.getByRole("button", { name: "Settings", exact: true }).click();
    await page.getByRole("navigation", { name: "Settings pages" }).getByRole("button", { name, exact: true }).click();
  };
  const pageOf = (page: Page) => page.getByRole("dialog", { name: "Settings" });

  withApp(
    async (served) => {
      ({ app, browser } = served);
      const { context, page } = await visit();
      await page.goto(app.loginUrl);
      await signUp(page, "anna");
      anna = JSON.stringify(await context.cookies());
      await context.close();
    },
    { NATTER_ACCOUNTS: "invited" },
  );

  test("A4 somebody makes a workspace and invites another, who joins it, is made a reader, suspended, and removed", async () => {
    const { context, page } = await openAnna();
    await openPage(page, "Workspaces");
    const dialog = pageOf(page);
    await dialog.getByRole("region", { name: "Workspaces" }).getByText("You are here").waitFor();
    await dialog.getByLabel("Name", { exact: true }).last().fill("Platform");
    await dialog.getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "anna Platform account and workspaces" }).waitFor();

    await openPage(page, "Members");
    await dialog.getByLabel("For whom").fill("Ben of sales");
    await dialog.getByRole("button", { name: "Make a link" }).click();
    const link = dialog.getByRole("textbox", { name: "Link of the invitation" });
    await link.waitFor();
    expect(await link.evaluate((input) => document.activeElement === input)).toBe(true);
    const address = await link.inputValue();
    expect(address.startsWith(`${app.url}/join#`)).toBe(true);
    await dialog.getByText("Ben of sales").waitFor();

    const guest = await visit();
    await guest.page.goto(address);
    await guest.page.getByRole("heading", { name: "Join Platform" }).waitFor();
    await signUp(guest.page, "ben");
    await page.reload();
    await openPage(page, "Members");
    await dialog.getByText("ben@example.org").waitFor();
    expect(await dialog.getByText("Ben of sales").count()).toBe(0);
    await dialog.getByLabel("Role of ben").selectOption("Reader");
    const roleOfGuest = () =>
      guest.page.evaluate(async () => ((await (await fetch("/v1/me")).json()) as { readonly role: string }).role);
    await expect.poll(roleOfGuest).toBe("reader");
    await guest.page.reload();
    await openPage(guest.page, "Members");
    await pageOf(guest.page).getByText("Reader").waitFor();
    expect(await pageOf(guest.page).getByRole("button", { name: "Make a link" }).count()).toBe(0);
    expect(await findViolations(guest.page)).toEqual([]);

    await dialog.getByRole("button", { name: "Suspend ben" }).click();
    await dialog.getByRole("group", { name: "Suspend ben" }).getByRole("button", { name: "Cancel" }).click();
    expect(await dialog.getByRole("button", { name: "Unsuspend ben" }).count()).toBe(0);
    await dialog.getByRole("button", { name: "Suspend ben" }).click();
    await dialog.getByRole("group", { name: "Suspend ben" }).getByRole("button", { name: "Suspend" }).click();
    await dialog.getByRole("button", { name: "Unsuspend ben" }).waitFor();
    expect(await guest.page.evaluate(async () => (await fetch("/v1/me")).status)).toBe(403);
    await dialog.getByRole("button", { name: "Unsuspend ben" }).click();
    await dialog.getByRole("button", { name: "Suspend ben" }).waitFor();
    expect(await guest.page.evaluate(async () => (await fetch("/v1/me")).status)).toBe(200);
    await dialog.getByRole("button", { name: "Remove ben" }).click();
    await dialog.getByRole("group", { name: "Remove ben" }).getByRole("button", { name: "Remove" }).click();
    await dialog.getByText("ben@example.org").waitFor({ state: "detached" });
    await guest.context.close();
    await context.close();
  }, 120_000);

  test("A4 conversations stay in their workspace, each tab stays in its own, and one that was left is left by itself", async () => {
    const { context, page } = await openAnna();
    await openPage(page, "Workspaces");
    await pageOf(page).getByLabel("Name", { exact: true }).last().fill("Secret lab");
    await pageOf(page).getByRole("button", { name: "Create" }).click();
    await page.getByRole("button", { name: "anna Secret lab account and workspaces" }).waitFor();
    await (await talkOn(context, page)).ask("about the rocket");
    const list = page.getByRole("navigation", { name: "Conversations" });
    await list.getByRole("link").first().waitFor();
    const other = await context.newPage();
    await other.goto(app.url);
    await other.getByRole("button", { name: "anna Secret lab account and workspaces" }).click();
    await other.getByRole("menuitemradio", { name: "anna", exact: true }).click();
    await other.getByRole("button", { name: "anna anna account and workspaces" }).waitFor();
    await other.getByText("Your conversations will stand here.").waitFor();
    expect(await other.getByRole("navigation", { name: "Conversations" }).getByRole("link").count()).toBe(0);
    await page.reload();
    await list.getByRole("link").first().waitFor();
    await page.getByRole("button", { name: "anna Secret lab account and workspaces" }).waitFor();
    await page.evaluate(() => sessionStorage.setItem("natter.workspace", "one-of-others"));
    await page.goto(app.url);
    await page.getByRole("button", { name: "anna anna account and workspaces" }).waitFor();
    await context.close();
  }, 120_000);

  test("N8 a key is made with its scopes, shown once, works, and is revoked", async () => {
    const { context, page } = await openAnna();
    await openPage(page, "API keys");
    const dialog = pageOf(page);
    await dialog.getByText("There is no key yet.").waitFor();
    await dialog.getByLabel("Name", { exact: true }).fill("Reports");
    await dialog.getByRole("checkbox", { name: "Send and change" }).uncheck();
    await dialog.getByLabel("Expires").selectOption("In 30 days");
    await dialog.getByRole("button", { name: "Make key" }).click();
    const key = await dialog.getByRole("textbox", { name: "The new key" }).inputValue();
    expect(key).toMatch(/^nk_/);
    await dialog.getByRole("button", { name: "Done" }).click();
    expect(await page.content()).not.toContain(key);
    const asked = (method: string): Promise<number> =>
      fetch(`${app.url}/v1/conversations`, {
        method,
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        ...(method === "POST" ? { body: "{}" } : {}),
      }).then(({ status }) => status);
    expect(await asked("GET")).toBe(200);
    expect(await asked("POST")).toBe(403);
    await dialog.getByRole("button", { name: "Revoke Reports" }).click();
    await dialog.getByRole("group", { name: "Revoke Reports" }).getByRole("button", { name: "Revoke" }).click();
    await dialog.getByText("There is no key yet.").waitFor();
    expect(await asked("GET")).toBe(401);
    await context.close();
  }, 120_000);
});
