import type { Browser } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath } from "./app/chromium.ts";
import { openTalk, talkOn, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

describe.skipIf(chromiumPath === null)("answers in Chromium", () => {
  let app: AppProcess;
  let browser: Browser;
  let talk: Talk;

  withApp((served) => {
    ({ app, browser } = served);
  });

  beforeEach(async (context) => {
    talk = await openTalk(browser, app, { name: "desktop", colorScheme: "light" });
    context.onTestFinished(() => talk.context.close());
  });

  it("shows an answer live in a second window, over a reload, and is stopped from there (N3)", async () => {
    await talk.send("slow 1000");
    await talk.page.waitForSelector("[data-caret]");
    await talk.page.waitForURL(/\/c\//);
    const page = await talk.context.newPage();
    await page.goto(talk.page.url());
    const second = await talkOn(talk.context, page);
    await second.page.waitForSelector("[data-caret]");
    await talk.page.reload();
    await talk.page.waitForSelector("[data-caret]");
    const words = await talk.page.locator("[data-caret]").innerText();
    await expect
      .poll(() => second.page.locator("[data-caret]").innerText())
      .toContain(words.split(" ").slice(0, 4).join(" "));
    await second.page.getByRole("button", { name: "Stop", exact: true }).click();
    await talk.page.getByText("Stopped by you").waitFor();
    await second.page.getByText("Stopped by you").waitFor();
    const said = await talk.page.locator("[data-message] .md").last().innerText();
    expect(await second.page.locator("[data-message] .md").last().innerText()).toBe(said);
    expect(said.match(/Slowly/g)).toHaveLength(1);
  });

  it("answers again beside the first answer, and goes on after a stop (N4)", async () => {
    await talk.ask("add 2 3");
    await talk.page.getByRole("button", { name: "Try again" }).last().click();
    await talk.page.getByText("2 / 2").waitFor();
    await talk.idle();
    await talk.page.getByRole("button", { name: "Previous version" }).click();
    await talk.page.getByText("1 / 2").waitFor();
    await talk.send("hang");
    await talk.page.waitForSelector("[data-caret]");
    await talk.page.keyboard.press("Escape");
    await talk.page.getByRole("button", { name: "Continue", exact: true }).click();
    await talk.page.waitForFunction(() => document.querySelectorAll("[data-message]").length === 6);
    await talk.idle();
    expect(await talk.said(-2)).toContain("Continue");
  });

  it("keeps a vote and what was wrong, and takes it back (C8)", async () => {
    await talk.ask("add 2 3");
    const good = talk.page.getByRole("button", { name: "Good answer" });
    const bad = talk.page.getByRole("button", { name: "Bad answer" });
    await good.click();
    await expect.poll(() => good.getAttribute("aria-pressed")).toBe("true");
    await bad.click();
    await talk.page
      .getByLabel(/What was wrong/)
      .last()
      .fill("It can't count.");
    const stored = talk.page.waitForRequest((request) => request.postData()?.includes("It can't count.") === true);
    await talk.page.getByRole("dialog").getByRole("button", { name: "Send" }).click();
    expect((await (await stored).response())?.status()).toBe(200);
    await talk.page.reload();
    await expect.poll(() => bad.getAttribute("aria-pressed")).toBe("true");
    expect(await good.getAttribute("aria-pressed")).toBe("false");
    await bad.click();
    await expect.poll(() => bad.getAttribute("aria-pressed")).toBe("false");
  });

  it("opens a tool call to what it was asked and what it said (C9)", async () => {
    await talk.ask("add 19 23");
    await talk.page.getByRole("button", { name: /^add done/ }).click();
    expect(JSON.parse(await talk.page.getByRole("group", { name: "Input" }).innerText())).toEqual({ a: 19, b: 23 });
    expect(await talk.page.getByRole("group", { name: "Result" }).innerText()).toBe("42");
  });

  it("reads whole sentences aloud where a person wants that (N10)", async () => {
    await talk.page.evaluate(() =>
      localStorage.setItem("natter.preferences", JSON.stringify({ announce: "sentences" })),
    );
    await talk.page.reload();
    await talk.page.waitForSelector("#composer");
    await talk.send("slow 60");
    const status = talk.page.locator(".sr-only > [role=status]");
    await expect
      .poll(() => status.innerText(), { timeout: 15_000, interval: 50 })
      .toContain("Slowly, one word after another, so that there is time to reload");
    expect(await status.innerText()).toMatch(/\.$/);
  });
});
