import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Browser, BrowserContext, Page } from "playwright-core";
import type { AppProcess } from "./app-process.ts";
import { asOwner } from "./artifact-setting.ts";
import { bringConversation } from "./bring-conversation.ts";
import { openContext, type Device } from "./chromium.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** What a person does in a conversation with the demo model. */
export interface Talk {
  readonly context: BrowserContext;
  readonly page: Page;
  send(text: string): Promise<void>;
  /** Waits until the last answer has ended. */
  idle(): Promise<void>;
  /** Sends and waits for the whole answer. */
  ask(text: string): Promise<void>;
  /** The words of the article that stands at this place; from the end if negative. */
  said(at: number): Promise<string>;
}

/** The page as `device` shows it, signed in, with nothing said. Every error on it is thrown by `context.close()`. */
export const openTalk = async (browser: Browser, app: AppProcess, device: Device): Promise<Talk> => {
  const context = await openContext(browser, device);
  const page = await context.newPage();
  await page.goto(app.loginUrl);
  return talkOn(context, page);
};

export const talkOn = async (context: BrowserContext, page: Page): Promise<Talk> => {
  await page.waitForSelector("#composer");
  const box = page.getByRole("textbox", { name: "Message", exact: true });
  const send = async (text: string): Promise<void> => {
    await box.fill(text);
    await page.getByRole("button", { name: /^Send/ }).click();
  };
  const idle = async (): Promise<void> => {
    await page.waitForFunction(() => {
      const last = [...document.querySelectorAll("[data-message]")].at(-1);
      return last?.getAttribute("data-role") === "assistant" && last.getAttribute("aria-busy") === "false";
    });
  };
  return {
    context,
    page,
    send,
    idle,
    async ask(text) {
      const before = await page.locator("[data-message]").count();
      await send(text);
      await page.waitForFunction((count) => document.querySelectorAll("[data-message]").length > count + 1, before);
      await idle();
    },
    said: async (at) => (await page.locator("[data-message]").nth(at).innerText()).trim(),
  };
};

export const changeConversation = (app: AppProcess, id: string, change: unknown): Promise<unknown> =>
  asOwner(app, `/v1/conversations/${id}`, { method: "PATCH", body: change });

/** A stored conversation of that many messages that nobody answers. */
export const seedConversation = (app: AppProcess, count: number): Promise<string> =>
  bringConversation(
    app,
    `${count} messages`,
    Array.from({ length: count }, (_, index) => ({
      role: "user",
      text: `Message ${index + 1}. ${"Words that stand in a line. ".repeat(((index + 1) % 12) + 1)}`,
    })),
  );

interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

interface Axe {
  run(options: object): Promise<AxeResults>;
}

/** What axe finds wrong on the page, by rule and element; all rules, unless some are named. */
export const findViolations = async (page: Page, rules?: readonly string[]): Promise<readonly string[]> => {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await readFile(axePath, "utf8"));
  // of what is right it need not tell where
  const options = { resultTypes: ["violations"], ...(rules === undefined ? {} : { runOnly: [...rules] }) };
  const { violations } = await page.evaluate(
    (given) => (globalThis as unknown as { axe: Axe }).axe.run(given),
    options,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
};
