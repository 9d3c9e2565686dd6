import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, openContext, type Device } from "./app/chromium.ts";
import { findViolations, openTalk, talkOn, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const desktop: Device = { name: "desktop", colorScheme: "light" };
const phone: Device = { name: "phone", colorScheme: "dark" };

const card = (page: Page, at = 0) => page.getByRole("group", { name: "Allow “Roll dice”?" }).nth(at);
const alertOf = (page: Page) => page.locator("[role=alert]").first();
const row = (page: Page, tool: string) => page.locator("[data-message] li", { hasText: tool }).last();

describe.skipIf(chromiumPath === null)("what an answer asks, and what it leaves in the background, in Chromium", () => {
  let app: AppProcess;
  let browser: Browser;
  let talk: Talk;
  let page: Page;

  withApp(async (served) => {
    ({ app, browser } = served);
    talk = await openTalk(browser, app, desktop);
    page = talk.page;
  });

  const fresh = async (): Promise<void> => {
    await page.goto(app.url);
    await page.waitForSelector("#composer");
  };

  it("N5 a question outlives a reload and a killed server, and is allowed from another device", async () => {
    await talk.send("approve");
    await card(page).waitFor();
    await expect
      .poll(() => alertOf(page).innerText())
      .toBe("Your decision is needed: Roll dice. Press F6 to go there.");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("composer");
    await page.getByText("Waiting for you", { exact: true }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.reload();
    await card(page).waitFor();
    await app.end("SIGKILL");
    await app.start();
    const context = await openContext(browser, phone);
    const other = await context.newPage();
    await other.goto(app.loginUrl);
    await other.goto(page.url());
    await card(other).waitFor();
    expect(await findViolations(other)).toEqual([]);
    await card(other).getByRole("button", { name: "Allow once" }).tap();
    for (const device of [other, page]) {
      await card(device).waitFor({ state: "detached" });
      await device.getByText(/rollDice says: \[/).waitFor();
    }
    await context.close();
  }, 60_000);

  it("N5 several questions are decided one by one by keyboard; what is typed meanwhile waits; a denial says why", async () => {
    await fresh();
    await talk.send("approve 2");
    await card(page, 1).waitFor();
    await page.locator("#composer").fill("typed meanwhile");
    await page.keyboard.press("Enter");
    await page.getByText("typed meanwhile").waitFor();
    expect(await card(page).count()).toBe(1);
    await page.keyboard.press("F6");
    await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute("data-question"))).toBe(true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("composer");
    expect(await page.getByRole("group", { name: "Allow “Roll dice”?" }).count()).toBe(2);
    await expect
      .poll(() => card(page).getByRole("button", { name: "Allow once" }).getAttribute("aria-disabled"))
      .toBe("false");
    await card(page).getByRole("button", { name: "Allow once" }).focus();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("group", { name: "Allow “Roll dice”?" }).count()).toBe(2);
    await page.keyboard.press("Space");
    await expect.poll(() => page.getByRole("group", { name: "Allow “Roll dice”?" }).count()).toBe(1);
    await card(page).getByRole("button", { name: "Deny" }).click();
    await page.keyboard.type("Too many");
    await page.keyboard.press("Enter");
    await page.getByText("Denied · Too many").waitFor();
    await page.waitForFunction(() => document.querySelectorAll("[data-message]").length === 4);
    await talk.idle();
    expect(await talk.said(-1)).toContain("typed meanwhile");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("composer");
  });

  it("N5 allowed for the conversation, a tool asks no more in it, and asks in the next", async () => {
    await fresh();
    await talk.send("approve");
    await card(page).getByRole("button", { name: "Always in this conversation" }).click();
    await talk.page.getByText(/rollDice says: \[/).waitFor();
    await talk.idle();
    await talk.ask("approve");
    expect(await talk.said(-1)).toContain("rollDice says: [");
    await fresh();
    await talk.send("approve");
    await card(page).waitFor();
    await page.getByRole("complementary").getByRole("img", { name: "Waiting for you" }).first().waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await card(page).waitFor({ state: "detached" });
    await page.getByText(/^Denied/).waitFor();
  });

  it("N5 what was always allowed stands in the conversation's settings, and is asked for again when that is taken back", async () => {
    await fresh();
    await talk.send("approve 2");
    await card(page, 1).waitFor();
    for (let left = 2; left > 0; left -= 1) {
      await card(page).getByRole("button", { name: "Always in this conversation" }).click();
      await expect.poll(() => card(page).count()).toBeLessThan(left);
    }
    await talk.idle();
    await page.getByRole("button", { name: "Conversation settings" }).click();
    const allowed = page.getByRole("region", { name: "Always allowed here" });
    await allowed.getByText("Roll dice").waitFor();
    expect(await allowed.getByRole("listitem").count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    await page.route("**/v1/approvals/*", (route) => route.abort());
    const again = allowed.getByRole("button", { name: "Ask again before “Roll dice” runs" });
    await again.click();
    await allowed.getByRole("alert").filter({ hasText: "The server can't be reached" }).waitFor();
    await page.unroute("**/v1/approvals/*");
    await again.click();
    await allowed.getByText("“Roll dice” asks again before it runs.").waitFor();
    expect(await allowed.getByRole("listitem").count()).toBe(0);
    expect(await allowed.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("Escape");
    await talk.send("approve");
    await card(page).waitFor();
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await card(page).waitFor({ state: "detached" });
  });

  it("N13 a client's tool asks by a form; the answer goes on with what was said", async () => {
    await fresh();
    await talk.send("ask");
    const form = page.getByRole("group", { name: "What should the demo model be called?" });
    await form.getByRole("textbox", { name: "Answer" }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.reload();
    await form.getByRole("button", { name: "Send answer" }).click();
    await form.getByText("This is needed.").waitFor();
    await form.getByRole("textbox", { name: "Answer" }).fill("Echo");
    await page.keyboard.press("Control+Enter");
    await page.getByText(/askPerson says: \{"answer":"Echo"\}/).waitFor();
    await talk.idle();
    await talk.send("ask");
    await form.getByRole("button", { name: "Don’t answer" }).click();
    await page.keyboard.type("None of your business");
    await page.keyboard.press("Enter");
    await page
      .getByText(/did not want to answer: None of your business/)
      .last()
      .waitFor();
  });

  it("B7 background work shows how far it is over a reload and from elsewhere, and where its result is used", async () => {
    await fresh();
    await talk.ask("background 9");
    const line = row(page, "timer");
    await line.getByText(/In the background · \d of 3/).waitFor();
    expect(await page.getByRole("button", { name: "Stop", exact: true }).count()).toBe(0);
    expect(await findViolations(page)).toEqual([]);
    const before = Number(await line.getByRole("progressbar").getAttribute("aria-valuenow"));
    await page.reload();
    await line.getByText(/In the background · [23] of 3/).waitFor();
    await expect
      .poll(async () => Number(await line.getByRole("progressbar").getAttribute("aria-valuenow")))
      .toBeGreaterThan(before);
    const first = page.url();
    await page.getByRole("button", { name: "New conversation" }).first().click();
    await page.waitForURL(`${app.url}/`);
    await page.getByRole("img", { name: "Result of Timer" }).waitFor({ timeout: 30_000 });
    await page.goto(first);
    await line.getByText("done").waitFor({ state: "attached" });
    expect(await page.getByRole("img", { name: "Result of Timer" }).count()).toBe(0);
    await talk.ask("hello");
    const used = page.getByRole("button", { name: "Result of “Timer” is used from here" });
    await used.click();
    await page
      .getByText(/"seconds": 9/)
      .last()
      .waitFor();
    expect(await findViolations(page)).toEqual([]);
  }, 60_000);

  it("B7 background work is cancelled and done again, and its end is said", async () => {
    await fresh();
    await talk.ask("background 600");
    const line = row(page, "timer");
    await line.getByRole("button", { name: "Cancel Timer" }).click();
    await line.getByText("Cancelled", { exact: true }).waitFor();
    await expect.poll(() => page.locator(".sr-only > [role=status]").innerText()).toContain("Timer was cancelled");
    await line.getByRole("button", { name: "Retry Timer" }).click();
    await line.getByText(/In the background/).waitFor();
    await line.getByRole("button", { name: "Cancel Timer" }).click();
    await line.getByText("Cancelled", { exact: true }).waitFor();
  });

  it("A5 places that a tool told stand on a map, after a reload, too", async () => {
    await fresh();
    await talk.ask("map");
    const map = page.getByRole("img", { name: /^Map: Royal Observatory/ });
    await map.waitFor();
    await page.reload();
    await map.waitFor();
    expect(await findViolations(page)).toEqual([]);
    const again = await talkOn(talk.context, page);
    await again.ask("hello");
  });
});
