import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices, launchChromium, openContext, type Device } from "./app/chromium.ts";
import { findViolations, talkOn } from "./app/talk.ts";

const [desktop] = devices;
const password = "a long enough password";

describe.skipIf(chromiumPath === null)("signing in with built-in accounts", () => {
  let app: AppProcess;
  let browser: Browser;
  let setupLink: string;

  beforeAll(async () => {
    app = await AppProcess.start({ NATTER_ACCOUNTS: "invited" });
    setupLink = app.loginUrl;
    browser = await launchChromium();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.remove();
  });

  const visit = async (path: string, device: Device = desktop!): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await openContext(browser, device);
    const page = await context.newPage();
    await page.goto(path.startsWith("http") ? path : `${app.url}${path}`);
    return { context, page };
  };
  const fillIn = async (page: Page, fields: Readonly<Record<string, string>>): Promise<void> => {
    for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
  };
  const inside = (page: Page) => page.waitForSelector("#composer");

  test("a person makes the first account by the printed link, talks, signs out and in, and invites another, who joins", async () => {
    const { context, page } = await visit(setupLink);
    await fillIn(page, { Name: "Anna", "E-mail": "anna@example.org", Password: "short" });
    await page.getByRole("button", { name: "Create account" }).click();
    expect(await page.getByLabel("Password").evaluate((input: HTMLInputElement) => input.validity.tooShort)).toBe(true);
    await fillIn(page, { Password: password });
    await page.getByRole("button", { name: "Create account" }).click();
    await inside(page);
    expect(page.url()).toBe(`${app.url}/`);
    await (await talkOn(context, page)).ask("hello");

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await fillIn(page, { "E-mail": "anna@example.org", Password: "not the password" });
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").filter({ hasText: "E-mail or password is wrong." }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await fillIn(page, { Password: password });
    await page.keyboard.press("Enter");
    await inside(page);

    const { path } = await page.evaluate(async () => {
      const { workspaceId } = (await (await fetch("/v1/me")).json()) as { workspaceId: string };
      const made = await fetch(`/v1/workspaces/${workspaceId}/invitations`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ role: "reader" }),
      });
      return (await made.json()) as { path: string };
    });
    const guest = await visit(path, devices.at(-1));
    await guest.page.getByRole("heading", { name: /^Join / }).waitFor();
    await guest.page.getByText("You are invited as a reader.").waitFor();
    expect(await findViolations(guest.page)).toEqual([]);
    await fillIn(guest.page, { Name: "Ben", "E-mail": "ben@example.org", Password: password });
    await guest.page.getByRole("button", { name: "Create account" }).click();
    await guest.page.getByText("You can read", { exact: false }).waitFor();
    const late = await visit(path);
    await late.page.getByRole("heading", { name: "This invitation can't be used" }).waitFor();
    for (const open of [context, guest.context, late.context]) await open.close();
  }, 120_000);
});
