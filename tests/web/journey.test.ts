import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices, openContext } from "./app/chromium.ts";
import { findViolations, openTalk, talkOn, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const slowly = "Slowly, one word after another, so that there is time to reload, to open a second window, or to stop.";
const offlineMilliseconds = 5_000;

/** One light, one dark, unless everything is asked for: each takes a minute. */
const visited = process.env["NATTER_TEST_REQUIRE"] === "all" ? devices : [devices[0]!, devices[3]!];

describe.skipIf(chromiumPath === null)("a day in the app", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  describe.each(visited)("on $name, $colorScheme", (device) => {
    let talk: Talk;
    let page: Page;

    beforeEach(async () => {
      talk = await openTalk(browser, app, device);
      page = talk.page;
    });

    afterEach(async () => {
      await talk.context.close();
    });

    const lastAnswer = (on: Page = page) => on.locator("[data-message][data-role=assistant]").last();
    const hasSaid = (words: string, on: Page = page) => lastAnswer(on).getByText(words).first().waitFor();
    const secondDevice = async (): Promise<Talk> => {
      const context = await openContext(browser, device);
      const other = await context.newPage();
      await other.goto(app.loginUrl);
      await other.goto(page.url());
      return talkOn(context, other);
    };

    test("C9, N9 the first message is answered while one watches, and has an address of its own", async () => {
      await talk.send("slow 50");
      await page.waitForSelector("[data-caret]");
      await page.waitForURL(/\/c\/[\w-]+$/);
      await talk.idle();
      await hasSaid(slowly);
      expect(await page.locator("[data-caret]").count()).toBe(0);
      expect(await findViolations(page)).toEqual([]);
    });

    test("N3 a reload in the middle goes on where the answer is", async () => {
      await talk.send("slow 120");
      await hasSaid("one word");
      await page.reload();
      await hasSaid("one word");
      await page.waitForSelector("[data-caret]");
      await talk.idle();
      expect(await talk.said(1)).toContain(slowly);
      await expect.poll(() => page.locator("[data-message]").count()).toBe(2);
    });

    test("N3 a second device sees it live, and stops it for both", async () => {
      await talk.send("slow 500");
      await hasSaid("Slowly,");
      const second = await secondDevice();
      await hasSaid("one word", second.page);
      await second.page.getByRole("button", { name: "Stop", exact: true }).click();
      for (const on of [second.page, page]) await lastAnswer(on).getByText("Stopped by you").waitFor();
      await expect
        .poll(async () => (await lastAnswer(second.page).innerText()) === (await lastAnswer().innerText()))
        .toBe(true);
      await second.context.close();
    });

    test("N4 an edit makes a sibling, and the arrows lead between the two", async () => {
      await talk.ask("first words");
      await page.locator("[data-message]").first().hover();
      await page.getByRole("button", { name: "Edit", exact: true }).first().click();
      const box = page.getByRole("textbox", { name: "Your message in other words" });
      await box.fill("other words");
      await page.locator("[data-message]").first().getByRole("button", { name: "Send", exact: true }).click();
      await hasSaid("other words");
      await talk.idle();
      await page.getByText("2 / 2").waitFor();
      await page.getByRole("button", { name: "Previous version" }).click();
      await hasSaid("first words");
      await page.reload();
      await hasSaid("first words");
      await page.getByRole("button", { name: "Next version" }).click();
      await hasSaid("other words");
      expect(await findViolations(page)).toEqual([]);
    });

    test("N4 two messages wait while an answer runs; one is taken back, the other is answered", async () => {
      await talk.send("slow 200");
      await hasSaid("Slowly,");
      for (const text of ["wait for me", "not me"]) {
        await page.getByRole("textbox", { name: "Message", exact: true }).fill(text);
        await page.getByRole("button", { name: "Send after this answer" }).click();
      }
      const tray = page.getByRole("list", { name: "Waiting messages" }).getByRole("listitem");
      await tray.nth(1).waitFor();
      expect(await findViolations(page)).toEqual([]);
      await tray.nth(1).getByRole("button", { name: "Remove queued message" }).click();
      await expect.poll(() => tray.count()).toBe(1);
      await hasSaid("wait for me");
      await talk.idle();
      expect(await tray.count()).toBe(0);
      await expect.poll(() => page.locator("[data-message]").count()).toBe(4);
      await page.reload();
      await hasSaid("wait for me");
      expect(await page.getByText("not me").count()).toBe(0);
    });

    test("N3 five seconds offline: what was there can be read, what is sent goes out afterwards, nothing is lost", async () => {
      await talk.send("slow 150");
      await hasSaid("Slowly,");
      await talk.context.setOffline(true);
      await page.getByText("You are offline").waitFor();
      await page.getByRole("textbox", { name: "Message", exact: true }).fill("sent without a network");
      await page.getByRole("button", { name: /^Send/ }).click();
      await sleep(offlineMilliseconds);
      expect(await page.getByText("sent without a network").count()).toBeGreaterThan(0);
      await talk.context.setOffline(false);
      await hasSaid("sent without a network");
      await talk.idle();
      expect(await talk.said(1)).toContain(slowly);
      await expect.poll(() => page.locator("[data-message]").count()).toBe(4);
    });

    test("F1, N1 a server that is killed and started again goes on with the answer, and nothing is painted twice", async () => {
      await talk.send("slow 250");
      await hasSaid("one word");
      await app.end("SIGKILL");
      await app.start();
      await talk.idle();
      expect(await lastAnswer().locator("p").first().innerText()).toBe(slowly);
      await expect.poll(() => page.locator("[data-message]").count()).toBe(2);
    });
  });
});
