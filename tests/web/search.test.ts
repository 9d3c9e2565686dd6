import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices } from "./app/chromium.ts";
import { changeConversation, findViolations, openTalk, seedConversation } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

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

  test("C8 a hit opens the conversation at its message, marked, also when it stands far above or on another branch", async () => {
    const id = await seedConversation(app, 120);
    await changeConversation(app, id, { title: "A long one" });
    const talk = await openTalk(browser, app, devices[0]!);
    const { page } = talk;
    const find = async (words: string, hit: string): Promise<void> => {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search conversations and commands" }).fill(words);
      await page
        .getByRole("option")
        .filter({ has: page.locator("mark") })
        .filter({ hasText: hit })
        .first()
        .click();
    };
    const isAtTop = (text: string): Promise<boolean> =>
      page.evaluate((words) => {
        const message = [...document.querySelectorAll("[data-message]")].find((one) => one.textContent.includes(words));
        const region = document.querySelector("[role=log]");
        if (message === undefined || region === null) return false;
        const top = message.getBoundingClientRect().top - region.getBoundingClientRect().top;
        return top >= 0 && top < 60 && message === document.activeElement;
      }, text);
    await find("message 7", "Message 7.");
    await expect.poll(() => isAtTop("Message 7.")).toBe(true);
    expect(new URL(page.url()).hash).not.toBe("");
    await page.locator("[data-found]").waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.locator("[data-found]").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Jump to latest" }).click();
    await page.getByText("Message 120.").waitFor();
    await find("message 7", "Message 7.");
    await expect.poll(() => isAtTop("Message 7.")).toBe(true);

    await page.getByRole("button", { name: "New conversation" }).first().click();
    await talk.ask("say the zebra");
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("textbox", { name: "Your message in other words" }).fill("say the giraffe");
    await page.keyboard.press("Control+Enter");
    await page.getByText("2 / 2").waitFor();
    await talk.idle();
    expect(await page.locator("[data-message]").getByText("zebra").count()).toBe(0);
    await find("zebra", "say the zebra");
    await page.locator("[data-message]").getByText("say the zebra").first().waitFor();
    await page.goto(`${app.url}/c/${id}#no-such-message-at-all`);
    await page.getByText("That message is not there any more.").waitFor();
    await talk.context.close();
  }, 120_000);
});
