import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { tool } from "../../src/tools/tool.ts";
import { chromiumPath, launchChromium } from "./app/chromium.ts";
import { serveHostApp, type HostApp } from "./app/host-app.ts";
import { findViolations, talkOn, type Talk } from "./app/talk.ts";

const desktop = { name: "desktop", colorScheme: "light" } as const;

const add = tool({
  description: "Adds two numbers",
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});

describe.skipIf(chromiumPath === null)("several people and agents in Chromium", () => {
  let host: HostApp;
  let browser: Browser;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    host = await serveHostApp({
      default: { name: "Assistant" },
      sums: { name: "Sums", tools: { add } },
    });
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
    await host?.close();
  });

  const talkAs = async (name: string, path: string): Promise<Talk> => {
    const context = await host.signIn(browser, name, desktop);
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(host.url + path);
    return talkOn(context, page);
  };

  it("N3 shows who else is there and who writes, and takes both back", async () => {
    const made = await host.ask("Ada", "/v1/conversations", { title: "Ours", visibility: "workspace" });
    const { id } = (await made.json()) as { readonly id: string };
    const ada = await talkAs("Ada", `/c/${id}`);
    expect(await ada.page.getByRole("img", { name: /^Also here/ }).count()).toBe(0);
    const bo = await talkAs("Bo", `/c/${id}`);
    await ada.page.getByRole("img", { name: "Also here: Bo" }).waitFor();
    await bo.page.getByRole("img", { name: "Also here: Ada" }).waitFor();
    await bo.page.locator("#composer").pressSequentially("Hel");
    await ada.page.getByText("Bo is writing…").waitFor();
    expect(await bo.page.getByText("is writing…").count()).toBe(0);
    expect(await findViolations(ada.page)).toEqual([]);
    await bo.page.locator("#composer").fill("");
    await ada.page.getByText("Bo is writing…").waitFor({ state: "detached" });
    await bo.context.close();
    await ada.page.getByRole("img", { name: "Also here: Bo" }).waitFor({ state: "detached" });
  });

  it("A4 in the archive nobody is offered to write; its owner moves it back, and everybody else goes on in a copy", async () => {
    const made = await host.ask("Ada", "/v1/conversations", { title: "Old", visibility: "workspace" });
    const { id } = (await made.json()) as { readonly id: string };
    const bo = await talkAs("Bo", `/c/${id}`);
    const ada = await talkAs("Ada", `/c/${id}`);
    await ada.ask("hello");
    const row = ada.page.locator("aside li").filter({ hasText: "Old" });
    await row.hover();
    await row.getByRole("button", { name: /^Actions for/ }).click();
    await ada.page.getByRole("menuitem", { name: "Archive" }).click();
    await bo.page.getByText("This conversation is archived.").waitFor();
    expect(await bo.page.locator("#composer").count()).toBe(0);
    expect(await bo.page.getByRole("button", { name: "Move it back" }).count()).toBe(0);
    expect(await bo.page.getByRole("button", { name: "Edit" }).count()).toBe(0);
    expect(await bo.page.getByRole("button", { name: "Try again" }).count()).toBe(0);
    expect(await bo.page.getByRole("button", { name: "Copy" }).count()).toBeGreaterThan(0);
    expect(await findViolations(bo.page)).toEqual([]);
    await ada.page.goto(`${host.url}/c/${id}`);
    await ada.page.getByRole("button", { name: "Move it back" }).click();
    await bo.page.waitForSelector("#composer");
    expect(await bo.page.getByRole("button", { name: "Edit" }).count()).toBe(1);
    expect(await bo.page.getByRole("button", { name: "Try again" }).count()).toBe(1);
    await bo.ask("hello again");
    await ada.context.close();
    await bo.context.close();
  });

  it("B9 lets choose among agents by what they can do, for a new conversation and for one that goes on", async () => {
    const { page, ask, said } = await talkAs("Cy", "/");
    await ask("add 2 3");
    expect(await said(1)).toContain("offers no tool");
    await page.getByRole("button", { name: "Agent: Assistant" }).click();
    const option = page.getByRole("option", { name: /^Sums/ });
    expect(await option.innerText()).toContain("add");
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole("combobox", { name: "Agent" }).fill("add");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Agent: Sums" }).waitFor();
    expect(await page.getByRole("article", { name: "Natter: " }).count()).toBe(0);
    await ask("add 2 3");
    expect(await said(3)).toContain("add says: 5");
    await page.getByRole("article", { name: "Natter: Sums", exact: true }).waitFor();
    expect(await page.getByRole("article", { name: "Natter", exact: true }).count()).toBe(1);
    await ask("add 3 4");
    await page.getByRole("button", { name: "Agent: Sums" }).click();
    await page.getByRole("option", { name: /^Assistant/ }).click();
    await ask("hello");
    await page.reload();
    await page.getByRole("heading", { name: "Natter: Assistant", exact: true }).waitFor();
    const headings = page.locator("[data-role=assistant] h2");
    expect(await headings.allTextContents()).toEqual(["Natter", "Sums", "Natter", "Assistant"]);
    expect(await findViolations(page)).toEqual([]);
  });

  it("B9 whose answer it is stands over it from its beginning, and moves nothing when it is stored", async () => {
    const { page, send, idle } = await talkAs("Ed", "/");
    await page.getByRole("button", { name: /^Agent: / }).click();
    await page.getByRole("option", { name: /^Sums/ }).click();
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      new MutationObserver(() => {
        const heading = document.querySelector("[data-role=assistant] h2");
        if (heading !== null && seen.at(-1) !== heading.textContent) seen.push(heading.textContent ?? "");
      }).observe(document.body, { childList: true, subtree: true, characterData: true });
    });
    await send("add 2 3");
    await page.locator("[data-role=assistant]").waitFor();
    await idle();
    expect(await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual(["Sums"]);
  });

  it("C8 tells tokens and time of an answer when asked, and of the conversation in its settings", async () => {
    const { page, ask } = await talkAs("Di", "/");
    await ask("hello");
    await ask("again");
    const details = page.locator("[data-details]").first();
    expect(await details.evaluate((element) => getComputedStyle(element).opacity)).toBe("0");
    await page.locator("[data-role=assistant]").first().getByRole("button", { name: "Copy" }).focus();
    await expect.poll(() => details.evaluate((element) => getComputedStyle(element).opacity)).toBe("1");
    expect(await details.innerText()).toMatch(/\d tokens · [\d.]+ s/);
    await page.getByRole("button", { name: "Conversation settings" }).click();
    await page.getByText(/^[\d,]+ tokens · .*2 answers$/).waitFor();
    expect(await findViolations(page)).toEqual([]);
  });
});
