import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app-process.ts";
import { chromiumPath, devices, openContext, type Device } from "./chromium.ts";
import { findViolations, openTalk } from "./talk.ts";
import { withApp } from "./with-app.ts";

const [desktop] = devices;
const sections = ["", "/users", "/conversations", "/completions", "/tool-runs", "/usage", "/audit"];

interface Listed {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

describe.skipIf(chromiumPath === null)("N11 the console", () => {
  let app: AppProcess;
  let browser: Browser;
  const refused: string[] = [];

  withApp(async (served) => {
    ({ app, browser } = served);
    const { ask, context } = await openTalk(browser, app, desktop!);
    await ask("hello");
    await ask("time");
    await context.close();
  });

  const read = async (path: string): Promise<Listed> => {
    const token = new URL(app.loginUrl).searchParams.get("token") ?? "";
    const answer = await fetch(`${app.url}/v1/admin/${path}`, { headers: { authorization: `Bearer ${token}` } });
    return (await answer.json()) as Listed;
  };

  const visit = async (path: string, device: Device = desktop!): Promise<Page> => {
    const context = await openContext(browser, device);
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && refused.push(message.text()));
    page.on("pageerror", (error) => refused.push(error.message));
    await page.goto(app.loginUrl);
    await page.waitForSelector("#composer");
    await page.goto(`${app.url}/console${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  };
  const settle = (page: Page) => page.locator("main table, main p.text-text-2").first().waitFor();

  test.each(devices)(
    "its pages have no axe violation on $name, $colorScheme, need no sideways scrolling, and nothing is refused by the policy",
    async (device) => {
      const page = await visit("", device);
      for (const section of sections) {
        await page.goto(`${app.url}/console${section}`);
        await settle(page);
        if (section === "" || section === "/usage") await page.locator(".recharts-bar-rectangle").first().waitFor();
        expect([section, await findViolations(page)]).toEqual([section, []]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      }
      await page.goto(`${app.url}/console/completions`);
      await page.getByRole("table").getByRole("button").first().click();
      await page.getByRole("complementary").getByText("Queued").waitFor();
      expect(await findViolations(page)).toEqual([]);
      expect(refused).toEqual([]);
      await page.context().close();
    },
    120_000,
  );

  test("the account menu leads there; a filter is in the address, the drawer gives the focus back, Back goes back", async () => {
    const page = await visit("");
    await page.goto(`${app.url}/`);
    await page.getByRole("button", { name: /account/i }).click();
    await page.getByRole("menuitem", { name: "Console" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Completions" }).click();
    await page.getByRole("table").waitFor();
    expect(await page.locator("tbody tr").count()).toBe((await read("completions")).data.length);
    await page.getByLabel("Status").selectOption("failed");
    await page.getByText("Nothing fits these filters.").waitFor();
    expect(page.url()).toContain("/console/completions?status=failed");
    await page.getByRole("button", { name: "Clear" }).click();
    const first = page.getByRole("table").getByRole("button").first();
    await first.click();
    await page.getByRole("complementary").getByText("Model call", { exact: false }).first().waitFor();
    expect(page.url()).toMatch(/row=[\w-]+/);
    await page.keyboard.press("Escape");
    await page.getByRole("complementary").waitFor({ state: "detached" });
    expect(await first.evaluate((button) => button === document.activeElement)).toBe(true);
    await page.goBack();
    await page.getByRole("complementary").waitFor();
    await page.context().close();
  }, 60_000);

  test("what usage shows and what its CSV says are the server's figures", async () => {
    const page = await visit("/usage?group=model");
    const { data } = await read("usage?group=model");
    const line = page.getByRole("row").nth(1).getByRole("cell");
    await line.first().waitFor();
    const shown = (await line.allInnerTexts()).slice(0, 4);
    expect(shown.map((text) => text.replaceAll(",", ""))).toEqual(
      ["key", "calls", "inputTokens", "outputTokens"].map((name) => `${data[0]?.[name] as string}`),
    );
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const csv = await readFile(await (await saved).path(), "utf8");
    expect(csv).toContain(`${data[0]?.["key"] as string},,${shown[1]},`);
    expect((await saved).suggestedFilename()).toBe("usage-by-model.csv");
    await page.context().close();
  }, 60_000);

  test("B10 what runs is seen there as it goes on, is cancelled there, and answered again", async () => {
    const { send, context } = await openTalk(browser, app, desktop!);
    const page = await visit("");
    await send("slow");
    const running = page.locator("dl > div", { hasText: "Running" }).locator("dd");
    await expect.poll(() => running.innerText(), { timeout: 20_000 }).toBe("1");
    await page.goto(`${app.url}/console/completions?status=running`);
    await page.getByRole("table").getByRole("button").first().click();
    const drawer = page.getByRole("complementary");
    await drawer.getByRole("button", { name: "Cancel" }).click();
    await drawer.getByText("Ended: cancelled").waitFor();
    const { data } = await read("audit?action=completion.cancel");
    expect(data).toHaveLength(1);
    const before = (await read("completions")).data.length;
    await drawer.getByRole("button", { name: "Retry" }).click();
    await expect.poll(async () => (await read("completions")).data.length, { timeout: 20_000 }).toBe(before + 1);
    expect((await read("audit?action=completion.retry")).data).toHaveLength(1);
    for (const open of [context, page.context()]) await open.close();
  }, 90_000);
});
