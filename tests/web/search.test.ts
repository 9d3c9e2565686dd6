import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app-process.ts";
import { chromiumPath, devices } from "./chromium.ts";
import { findViolations, openTalk } from "./talk.ts";
import { withApp } from "./with-app.ts";

describe.skipIf(chromiumPath === null)("search in the web app", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  test.each(devices)(
    "C8 finds a message by its words, marks them, and leads there, on $name, $colorScheme",
    async (device) => {
      const talk = await openTalk(browser, app, device);
      const { page } = talk;
      await talk.ask("the quick brown walrus");
      const place = new URL(page.url()).pathname;
      await page.goto(app.url);
      await page.waitForSelector("#composer");
      await page.keyboard.press("Control+k");
      const field = page.getByRole("combobox", { name: "Search conversations and commands" });
      await field.fill("brown walr");
      const message = page
        .getByRole("option", { name: /the quick brown walrus/ })
        .filter({ has: page.locator("mark") });
      await message.first().waitFor();
      expect(await message.first().locator("mark").allInnerTexts()).toEqual(["brown", "walr"]);
      expect(await findViolations(page)).toEqual([]);
      await message.first().click();
      await expect.poll(() => new URL(page.url()).pathname).toBe(place);
      await talk.context.close();
    },
  );
});
