import type { Browser, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, type Device } from "./app/chromium.ts";
import { findViolations, openTalk, seedConversation, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const desktop: Device = { name: "desktop", colorScheme: "light" };

/** How far the upper edge of the article at `index` is below that of the thread, in pixels. */
const topOf = (page: Page, index: number): Promise<number> =>
  page.evaluate((at) => {
    const region = document.querySelector("[role=log]");
    const article = [...document.querySelectorAll("[data-message]")].at(at);
    return (article?.getBoundingClientRect().top ?? 0) - (region?.getBoundingClientRect().top ?? 0);
  }, index);

const distanceToEnd = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const region = document.querySelector("[role=log]");
    return region === null ? -1 : region.scrollHeight - region.clientHeight - region.scrollTop;
  });

/** Looks in every frame until the thread grew so much, and 20 frames more: how far what is read moved in any of them. */
const watchPlace = (page: Page, growth: number): Promise<number> =>
  page.evaluate(async (enough) => {
    const region = document.querySelector("[role=log]")!;
    const { top } = region.getBoundingClientRect();
    const column = document.querySelector("[data-message]")!.getBoundingClientRect();
    const held = document.elementFromPoint((column.left + column.right) / 2, top + 160) ?? region;
    const before = held.getBoundingClientRect().top;
    const height = region.scrollHeight;
    let moved = 0;
    let left = 20;
    while (left > 0) {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      if (region.scrollHeight - height >= enough) left -= 1;
      moved = Math.max(moved, Math.abs(held.getBoundingClientRect().top - before));
    }
    return moved;
  }, growth);

const untilGrown = (page: Page, pixels: number): Promise<unknown> =>
  page.waitForFunction((enough) => {
    const region = document.querySelector("[role=log]");
    return region !== null && region.scrollHeight - region.clientHeight > enough;
  }, pixels);

/** Waits until no scroll is under way. */
const untilStill = (page: Page): Promise<unknown> =>
  page.waitForFunction(async () => {
    const region = document.querySelector("[role=log]")!;
    const { scrollTop } = region;
    for (let frame = 0; frame < 6; frame += 1) await new Promise(requestAnimationFrame);
    return region.scrollTop === scrollTop;
  });

describe.skipIf(chromiumPath === null)("a conversation in Chromium", () => {
  let app: AppProcess;
  let browser: Browser;
  let talk: Talk;

  withApp(async (served) => {
    ({ app, browser } = served);
    talk = await openTalk(browser, app, desktop);
  });

  const fresh = async (): Promise<void> => {
    await talk.page.goto(app.url);
    await talk.page.waitForSelector("#composer");
  };

  const isFollowing = (): Promise<boolean> =>
    talk.page.getByRole("log").evaluate((region) => region.hasAttribute("data-following"));

  const topOfScroll = (): Promise<number> => talk.page.getByRole("log").evaluate(({ scrollTop }) => scrollTop);

  it("shows what was sent 24 pixels under the header and lets the answer grow below it (C9)", async () => {
    await fresh();
    await talk.ask("layout");
    await talk.send("slow 40");
    await talk.page.waitForSelector("[data-caret]");
    expect(Math.round(await topOf(talk.page, -2))).toBe(24);
    expect(await watchPlace(talk.page, 0)).toBe(0);
    await talk.idle();
    expect(Math.round(await topOf(talk.page, -2))).toBe(24);
  });

  it("keeps the end in sight while an answer grows beyond the page, in the same frame (C9)", async () => {
    await fresh();
    await talk.send("long 1500");
    await untilGrown(talk.page, 200);
    const farthest = await talk.page.evaluate(async () => {
      const region = document.querySelector("[role=log]")!;
      let most = 0;
      for (let frame = 0; frame < 40; frame += 1) {
        // a task after the frame: what it painted is what is looked at
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
        most = Math.max(most, region.scrollHeight - region.clientHeight - region.scrollTop);
      }
      return most;
    });
    expect(farthest).toBeLessThanOrEqual(1);
    await talk.page.keyboard.press("Escape");
    await talk.idle();
  });

  it("does not move the page by a pixel once the wheel was turned up, and goes back by Jump to latest (C9)", async () => {
    await fresh();
    await talk.ask("layout");
    await talk.send("long 3000");
    // what is there already is long enough to be scrolled, and would be left when the new message comes
    await talk.page.locator("[data-message]").nth(3).waitFor();
    await expect.poll(isFollowing).toBe(true);
    await untilGrown(talk.page, 700);
    await talk.page.mouse.move(700, 400);
    await talk.page.mouse.wheel(0, -10);
    const jump = talk.page.getByRole("button", { name: "Jump to latest" });
    await jump.waitFor();
    expect(await watchPlace(talk.page, 50)).toBe(0);
    const before = await topOfScroll();
    await talk.page.mouse.wheel(0, -400);
    await expect.poll(topOfScroll).toBeLessThan(before);
    await untilStill(talk.page);
    expect(await watchPlace(talk.page, 50)).toBe(0);
    await jump.click();
    expect(await distanceToEnd(talk.page)).toBeLessThanOrEqual(1);
    await talk.page.keyboard.press("Escape");
    await talk.idle();
  });

  it("stops following with PageUp, Home and ↑ and by selecting, and goes on with End (C9)", async () => {
    await fresh();
    await talk.send("long 2000");
    await untilGrown(talk.page, 300);
    await talk.page.getByRole("log").focus();
    for (const key of ["PageUp", "Home", "ArrowUp"]) {
      await talk.page.keyboard.press(key);
      await expect.poll(isFollowing).toBe(false);
      await talk.page.keyboard.press("End");
      await expect.poll(isFollowing).toBe(true);
      await expect.poll(() => distanceToEnd(talk.page)).toBeLessThanOrEqual(1);
    }
    await talk.page.evaluate(() =>
      document.getSelection()?.selectAllChildren(document.querySelector("[data-message] p")!),
    );
    await expect.poll(isFollowing).toBe(false);
    await talk.page.keyboard.press("Escape");
    await talk.idle();
  });

  it("loads earlier messages above without moving what is read by a pixel (C9)", async () => {
    const id = await seedConversation(app, 130);
    const held: (() => void)[] = [];
    await talk.page.route(/messages\?before=(?!999999999)/, async (route) => {
      await new Promise<void>((resolve) => held.push(resolve));
      await route.continue();
    });
    await talk.page.goto(`${app.url}/c/${id}`);
    await talk.page.waitForSelector("[data-message]");
    expect(await distanceToEnd(talk.page)).toBeLessThanOrEqual(1);
    await talk.page.mouse.move(700, 400);
    // once at the very top, where no browser holds a place, and once below it
    for (const [page, wheel] of [
      [1, -100_000],
      [2, -5_200],
    ] as const) {
      await talk.page.mouse.wheel(0, wheel);
      await expect.poll(() => held.length).toBe(page);
      await untilStill(talk.page);
      const count = await talk.page.locator("[data-message]").count();
      const loaded = talk.page.waitForFunction(
        (few) => document.querySelectorAll("[data-message]").length > few,
        count,
      );
      const moved = watchPlace(talk.page, 1_000);
      held[page - 1]!();
      await loaded;
      expect(await moved).toBeLessThan(1);
    }
    await talk.page.unrouteAll({ behavior: "wait" });
  });

  it("makes a version of a message that is said in other words, and leads from one to the other (N4)", async () => {
    await fresh();
    await talk.ask("add 2 3");
    await talk.page.getByRole("textbox", { name: "Message", exact: true }).press("ArrowUp");
    await talk.page.getByRole("textbox", { name: "Your message in other words" }).fill("add 4 5");
    await talk.page.keyboard.press("Enter");
    await talk.page.getByText("2 / 2").waitFor();
    await talk.idle();
    expect(await talk.said(-1)).toContain("9");
    await talk.page.getByRole("button", { name: "Previous version" }).click();
    await talk.page.getByText("1 / 2").waitFor();
    expect(await talk.said(-1)).toContain("5");
    await talk.page.keyboard.press("Alt+ArrowRight");
    await talk.page.getByText("2 / 2").waitFor();
    expect(await talk.said(-1)).toContain("9");
  });

  it("goes between messages with k and j, and never while somebody writes (N10)", async () => {
    await fresh();
    await talk.ask("add 2 3");
    const role = (): Promise<string | null> =>
      talk.page.evaluate(() => document.activeElement!.getAttribute("data-role"));
    await talk.page.locator("#composer").press("k");
    expect(await talk.page.locator("#composer").inputValue()).toBe("k");
    await talk.page.locator("#composer").fill("");
    await talk.page.getByRole("log").focus();
    await talk.page.keyboard.press("k");
    expect(await role()).toBe("assistant");
    await talk.page.keyboard.press("k");
    expect(await role()).toBe("user");
    await talk.page.keyboard.press("j");
    expect(await role()).toBe("assistant");
  });

  it("tells a screen reader each state once and never takes the focus (N10)", async () => {
    await fresh();
    await talk.page.evaluate(() => {
      const heard: string[] = [];
      Reflect.set(globalThis, "heard", heard);
      new MutationObserver(() => {
        for (const place of document.querySelectorAll(".sr-only > [role=status], .sr-only > [role=alert]"))
          if (place.textContent !== "" && heard.at(-1) !== place.textContent) heard.push(place.textContent ?? "");
      }).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await talk.ask("time");
    await talk.ask("fail 3");
    const heard = await talk.page.evaluate(() => Reflect.get(globalThis, "heard") as string[]);
    expect(heard.filter((text) => /Us(ing|ed) currentTime/.test(text))).toHaveLength(1);
    expect(heard.some((text) => /^Answer finished, \d+ sentences?$/.test(text))).toBe(true);
    expect(heard.some((text) => text.startsWith("The answer failed."))).toBe(true);
    expect(await talk.page.evaluate(() => document.activeElement?.id)).toBe("composer");
    expect(await talk.page.getByRole("log").getAttribute("aria-live")).toBe("off");
  });

  it.each(["desktop", "phone"] as const)(
    "has nothing that axe finds wrong on a %s, light or dark (C9)",
    async (name) => {
      const other = await openTalk(browser, app, { name, colorScheme: "light" });
      for (const word of ["tools", "reason", "fail 2", "layout"]) await other.ask(word);
      await other.send("slow 400");
      await other.page.waitForSelector("[data-caret]");
      await other.send("one that waits");
      await other.page.getByRole("list", { name: "Waiting messages" }).getByText("one that waits").waitFor();
      for (const colorScheme of ["light", "dark"] as const) {
        await other.page.emulateMedia({ colorScheme });
        expect([colorScheme, await findViolations(other.page)]).toEqual([colorScheme, []]);
      }
      await other.context.close();
    },
  );
});
