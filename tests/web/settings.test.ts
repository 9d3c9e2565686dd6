import { readFile } from "node:fs/promises";
import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, openContext, type Device } from "./app/chromium.ts";
import { openSettingsPage as openPage } from "./app/settings-page.ts";
import { findViolations, openTalk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const desktop: Device = { name: "desktop", colorScheme: "light" };
const password = "a long enough password";

describe.skipIf(chromiumPath === null)("settings of data and workspace", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  test("N10 everything, or one conversation, is downloaded as it can be imported or read", async () => {
    const { page, context, ask } = await openTalk(browser, app, desktop);
    await ask("say words to keep");
    const savedBy = async (act: () => Promise<void>): Promise<{ name: string; content: Buffer }> => {
      const [download] = await Promise.all([page.waitForEvent("download"), act()]);
      return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
    };
    const region = await openPage(page, "Your data");
    const zip = await savedBy(() => region.getByRole("link", { name: "Download as Zip archive" }).click());
    expect(zip.name).toBe("natter.zip");
    expect(zip.content.subarray(0, 2).toString()).toBe("PK");
    const lines = await savedBy(() => region.getByRole("link", { name: "Download as JSON lines" }).click());
    expect(JSON.parse(lines.content.toString().split("\n")[0]!)).toMatchObject({ type: "natter-export" });
    await page.keyboard.press("Escape");
    await page.locator("aside li", { hasText: "words to keep" }).first().hover();
    const menu = page
      .locator("aside li")
      .first()
      .getByRole("button", { name: /^Actions for/ });
    const one = await savedBy(async () => {
      await menu.click();
      await page.getByRole("menuitem", { name: "Export as Markdown" }).click();
    });
    expect(one.content.toString()).toContain("say words to keep");
    await context.close();
  }, 60_000);

  test("A2 what a workspace decides is kept and obeyed; a budget that nobody looks at is refused with words", async () => {
    const { page, context } = await openTalk(browser, app, desktop);
    const region = await openPage(page, "This workspace");
    await region.getByLabel("Name").fill("Observatory");
    await region.getByLabel("Delete conversations").selectOption("90 days after their last change");
    await region.getByRole("switch", { name: /All models may answer/ }).click();
    await region.getByRole("checkbox", { name: "Demo (not an AI)" }).uncheck();
    await region.getByText("Choose one at least.").waitFor();
    expect(await region.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await region.getByRole("checkbox", { name: "Demo (not an AI)" }).check();
    await region.getByRole("button", { name: "Save" }).click();
    await region.getByText("Saved. It holds everywhere within five seconds.").waitFor();
    await page.reload();
    await page.waitForSelector("#composer");
    await openPage(page, "This workspace");
    expect(await region.getByLabel("Name").inputValue()).toBe("Observatory");
    expect(await region.getByLabel("Delete conversations").inputValue()).toBe("90");
    expect(await region.getByRole("checkbox", { name: "Demo (not an AI)" }).isChecked()).toBe(true);
    await page.keyboard.press("Escape");
    const budgets = await openPage(page, "Budgets");
    const sent: unknown[] = [];
    page.on("request", (request) => {
      if (request.method() === "PUT") sent.push(request.postDataJSON());
    });
    await budgets.getByLabel("Dollars").fill("ten");
    await budgets.getByText("This is no amount.").waitFor();
    await budgets.getByLabel("Dollars").fill("10,50");
    const tokens = budgets.getByLabel("Tokens");
    await tokens.fill("100,000");
    await budgets.getByText("This can be read in two ways. Write it without separators, as 100000.").waitFor();
    expect(await tokens.getAttribute("aria-invalid")).toBe("true");
    await budgets.getByRole("button", { name: "Set" }).click();
    await tokens.fill("100000");
    await budgets.getByRole("button", { name: "Set" }).click();
    await budgets.getByText(/Budgets are not looked at here/).waitFor();
    expect(sent).toEqual([{ scope: "workspace", period: "month", limitMicros: 10_500_000, limitTokens: 100_000 }]);
    await context.close();
  }, 60_000);

  test("A2 a model that is not configured any more is shown as such, keeps nothing from being saved, and is removed", async () => {
    const { page, context } = await openTalk(browser, app, desktop);
    const stored = { defaultModel: "gone/model", allowedModels: ["gone/model", "natter/demo"] };
    await page.route(/\/v1\/workspaces(\/|$)/, async (route) => {
      const change = route.request().postDataJSON();
      const response = await route.fetch();
      const body = await response.json();
      Object.assign(stored, change);
      const data = body.data?.map((workspace: object) => ({ ...workspace, ...stored }));
      await route.fulfill({ response, json: data === undefined ? { ...body, ...stored } : { ...body, data } });
    });
    await page.reload();
    const region = await openPage(page, "This workspace");
    const gone = region.getByRole("checkbox", { name: "gone/model (not here any more)" });
    expect(await gone.isChecked()).toBe(true);
    const model = region.getByLabel("Model of new conversations");
    expect(await model.locator("option:checked").textContent()).toBe("gone/model (not here any more)");
    const saved = async (): Promise<unknown> => {
      const [request] = await Promise.all([
        page.waitForRequest((sent) => sent.method() === "PATCH"),
        region.getByRole("button", { name: "Save" }).click(),
      ]);
      await region.getByText("Saved. It holds everywhere within five seconds.").waitFor();
      return request.postDataJSON();
    };
    await region.getByLabel("Name").fill("Planetarium");
    expect(await saved()).toEqual({ name: "Planetarium" });
    await gone.uncheck();
    expect(await model.inputValue()).toBe("");
    expect(await gone.count()).toBe(1);
    expect(await saved()).toEqual({ defaultModel: null, allowedModels: ["natter/demo"] });
    await gone.waitFor({ state: "detached" });
    await context.close();
  }, 60_000);

  test("N10 drafts of this device are forgotten, also the one that is shown", async () => {
    const { page, context } = await openTalk(browser, app, desktop);
    const box = page.getByRole("textbox", { name: "Message", exact: true });
    await box.fill("half a thought");
    const region = await openPage(page, "This device");
    await region.getByRole("button", { name: "Forget all drafts" }).click();
    await region.getByRole("group", { name: "Forget all drafts" }).getByRole("button", { name: "Forget all" }).click();
    await expect.poll(() => page.locator("#composer").inputValue()).toBe("");
    await page.reload();
    await page.waitForSelector("#composer");
    expect(await box.inputValue()).toBe("");
    await context.close();
  }, 60_000);

  test("a page says that it is offline, comes when the connection is back, and is asked for again when it failed", async () => {
    const { page, context } = await openTalk(browser, app, desktop);
    const device = await openPage(page, "This device");
    await device.waitFor();
    const pages = page.getByRole("navigation", { name: "Settings pages" });
    const region = (name: string) => page.getByRole("dialog").getByRole("region", { name, exact: true });
    await context.setOffline(true);
    await pages.getByRole("button", { name: "API keys" }).click();
    await region("API keys").getByText("You are offline. This comes when the connection is back.").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await context.setOffline(false);
    await region("API keys").getByText("There is no key yet.").waitFor();
    await page.route("**/v1/budgets", (route) =>
      route.fulfill({ status: 400, contentType: "application/problem+json", body: '{"detail":"Not today."}' }),
    );
    await pages.getByRole("button", { name: "Budgets" }).click();
    await region("Budgets").getByText("Not today.").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.unroute("**/v1/budgets");
    await region("Budgets").getByRole("button", { name: "Try again" }).click();
    await region("Budgets").getByText("None is set here.").waitFor();
    await context.close();
  }, 60_000);

  test("N11 a webhook to an address of the server's own is refused with words; another is made and shown with its secret", async () => {
    const { page, context } = await openTalk(browser, app, desktop);
    const region = await openPage(page, "Webhooks");
    await region.getByText("There is no webhook yet.").waitFor();
    await region.getByLabel("Address").fill("http://127.0.0.1:9/hook");
    await region.getByRole("button", { name: "Make webhook" }).click();
    await region.getByRole("alert").filter({ hasText: /\S/ }).waitFor();
    await region.getByLabel("Address").fill("https://93.184.216.34/natter");
    await region.getByRole("button", { name: "Make webhook" }).click();
    expect(await region.getByRole("textbox", { name: "Its secret" }).inputValue()).toMatch(/^whsec_/);
    await region.getByRole("button", { name: "Done" }).click();
    const row = region.getByRole("listitem").filter({ hasText: "93.184.216.34" });
    await row.getByRole("switch").click();
    await row.getByText("switched off").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await row.getByRole("button", { name: "Remove https://93.184.216.34/natter" }).click();
    await row.getByRole("group").getByRole("button", { name: "Remove", exact: true }).click();
    await region.getByText("There is no webhook yet.").waitFor();
    await context.close();
  }, 60_000);
});

describe.skipIf(chromiumPath === null)("settings of an account", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp(
    (served) => {
      ({ app, browser } = served);
    },
    { NATTER_ACCOUNTS: "open" },
  );

  test("C11 name, address and password change, every other browser is signed out, and the account is deleted", async () => {
    const context = await openContext(browser, desktop);
    const page = await context.newPage();
    await page.goto(app.loginUrl);
    await page.getByLabel("Name", { exact: true }).fill("Anna");
    await page.getByLabel("E-mail").fill("anna@example.org");
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Create account" }).click();
    await page.waitForSelector("#composer");
    const other = await openContext(browser, desktop);
    const elsewhere = await other.newPage();
    await elsewhere.goto(`${app.url}/sign-in`);
    await elsewhere.getByLabel("E-mail").fill("anna@example.org");
    await elsewhere.getByLabel("Password").fill(password);
    await elsewhere.getByRole("button", { name: "Sign in" }).click();
    await elsewhere.waitForSelector("#composer");

    const region = await openPage(page, "Account");
    await expect.poll(() => region.getByText(/^since/).count()).toBe(2);
    await region.getByLabel("Name").fill("Anna B");
    await region.getByLabel("E-mail").fill("anna.b@example.org");
    await region.getByLabel("Current password").first().fill("not the password");
    await region.getByRole("button", { name: "Save" }).click();
    await region.getByText("The current password is wrong.").waitFor();
    await region.getByLabel("Current password").first().fill(password);
    await region.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: /^Anna B/ }).waitFor({ state: "attached" });
    expect(await region.getByText("Saved.").count()).toBe(1);
    expect(await region.getByLabel("E-mail").inputValue()).toBe("anna.b@example.org");
    await page.route("**/v1/account/sign-out", (route) => route.abort());
    await region.getByRole("button", { name: "Sign out", exact: true }).click();
    const unreachable = { hasText: "The server can't be reached; check the connection." };
    await region.getByRole("alert").filter(unreachable).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByRole("region", { name: "Notices" }).getByRole("listitem").filter(unreachable).waitFor();
    expect(await page.evaluate(async () => (await fetch("/v1/me")).status)).toBe(200);
    await openPage(page, "Account");
    await page.unroute("**/v1/account/sign-out");
    await region.getByRole("button", { name: "Sign out everywhere else" }).click();
    await region.getByRole("group").getByRole("button", { name: "Sign out everywhere else" }).click();
    await expect.poll(() => elsewhere.evaluate(async () => (await fetch("/v1/me")).status)).toBe(401);
    await expect.poll(() => region.getByText(/^since/).count()).toBe(1);
    await region.getByLabel("Current password").fill(password);
    await region.getByLabel("New password").fill("another long password");
    await region.getByRole("button", { name: "Change password" }).click();
    await region.getByText("Changed. You are signed out everywhere else.").waitFor();
    await elsewhere.goto(`${app.url}/sign-in`);
    await elsewhere.getByLabel("E-mail").fill("anna.b@example.org");
    await elsewhere.getByLabel("Password").fill("another long password");
    await elsewhere.getByRole("button", { name: "Sign in" }).click();
    await elsewhere.waitForSelector("#composer");

    const own = await openPage(elsewhere, "Account");
    await own.getByLabel("Your password").fill("not the password");
    const erase = async (): Promise<void> => {
      await own.getByRole("button", { name: "Delete my account" }).click();
      await own.getByRole("group").getByRole("button", { name: "Delete my account" }).click();
    };
    await erase();
    await own.getByText("The current password is wrong.").waitFor();
    await own.getByLabel("Your password").fill("another long password");
    await erase();
    await elsewhere.locator("#composer").waitFor({ state: "detached" });
    await expect.poll(() => elsewhere.evaluate(async () => (await fetch("/v1/me")).status)).toBe(401);
    await expect.poll(() => page.evaluate(async () => (await fetch("/v1/me")).status)).toBe(401);
    await other.close();
    await context.close();
  }, 120_000);
});
