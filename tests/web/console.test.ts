import { readFile } from "node:fs/promises";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices, openContext } from "./app/chromium.ts";
import { openTalk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const [desktop] = devices;

interface Listed {
  readonly data: readonly Readonly<Record<string, unknown>>[];
}

describe.skipIf(chromiumPath === null)("N11 the console", () => {
  let app: AppProcess;
  let browser: Browser;

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

  const visit = async (path: string): Promise<Page> => {
    const context = await openContext(browser, desktop!);
    const page = await context.newPage();
    await page.goto(app.loginUrl);
    await page.waitForSelector("#composer");
    await page.goto(`${app.url}/console${path}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  };
  test("the account menu leads there; a filter is in the address, the drawer gives the focus back, Back goes back", async () => {
    const page = await visit("");
    await page.goto(`${app.url}/`);
    // it takes the focus when it is there, which closes a menu
    await page.waitForSelector("#composer");
    await page.getByRole("button", { name: /account/i }).click();
    await page.getByRole("menuitem", { name: "Console" }).click();
    await page.getByRole("heading", { name: "Overview", level: 1 }).waitFor();
    await page.getByRole("link", { name: "Completions" }).click();
    await page.getByRole("table").waitFor();
    expect(await page.locator("tbody tr").count()).toBe((await read("completions")).data.length);
    await page.getByLabel("Status").selectOption("failed");
    await page.getByText("Nothing fits these filters.").waitFor();
    expect(page.url()).toContain("/console/completions?status=failed");
    await page.getByRole("button", { name: "Clear the filters" }).click();
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

  test("the last 24 hours go along with the clock, also in the lists behind their figures, and no cost is spoken of where none is known", async () => {
    const context = await openContext(browser, desktop!);
    const page = await context.newPage();
    await page.goto(app.loginUrl);
    await page.waitForSelector("#composer");
    await page.clock.install();
    const asked: string[] = [];
    page.on("request", (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === "/v1/admin/overview") asked.push(searchParams.get("from") ?? "");
    });
    await page.goto(`${app.url}/console`);
    const figure = page.getByRole("link", { name: "Answers", exact: true });
    await figure.waitFor();
    await page.clock.fastForward(3_600_000);
    const later = (): number => Date.parse(asked.at(-1) ?? "") - Date.parse(asked[0] ?? "");
    await expect.poll(later).toBeGreaterThan(3_500_000);
    const linkedFrom = (): Promise<string | null> =>
      figure.evaluate((link) => new URLSearchParams((link as HTMLAnchorElement).search).get("from"));
    await expect.poll(linkedFrom).toBe(asked.at(-1));
    await page.getByRole("heading", { name: "Usage of the last 30 days" }).waitFor();
    await page.getByRole("table", { name: "Usage by day" }).waitFor();
    const [from] = await Promise.all([linkedFrom(), figure.click()]);
    await page.getByRole("heading", { name: "Completions", level: 1 }).waitFor();
    expect(await page.getByLabel("From").inputValue()).toBe(from);
    await context.close();
  }, 60_000);

  test("what could not be read is said, and asked for again", async () => {
    const page = await visit("/users");
    const isRefused = /\/v1\/admin\/(queue|overview|usage|completions|users\/[^/]+\/keys)(\?|$)/;
    await page.route(isRefused, (route) =>
      route.fulfill({ status: 422, json: { code: "unprocessable", detail: "Not now." } }),
    );
    await page.getByRole("table").getByRole("button").first().click();
    const drawer = page.getByRole("complementary");
    await drawer.getByRole("alert").filter({ hasText: "Not now." }).waitFor();
    await page.goto(`${app.url}/console`);
    const refusals = page.getByRole("alert").filter({ hasText: "Not now." });
    await expect.poll(() => refusals.count()).toBe(4);
    await page.unroute(isRefused);
    for (let left = 4; left > 0; left -= 1) {
      await refusals.first().getByRole("button", { name: "Try again" }).click();
      await expect.poll(() => refusals.count()).toBeLessThan(left);
    }
    await page.getByRole("link", { name: "Answers", exact: true }).waitFor();
    await page.getByRole("link", { name: "Running", exact: true }).waitFor();
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
    await drawer.getByRole("link", { name: "the new completion" }).click();
    await drawer.getByText("Cancel asked for").waitFor({ state: "detached" });
    await drawer.getByText("Raw events").click();
    await drawer.getByText(`"completionId":"${String((await read("completions?limit=1")).data[0]?.["id"])}"`).waitFor();
    for (const open of [context, page.context()]) await open.close();
  }, 90_000);

  test("rows are walked by keys, a link to one that is not on the page opens it, and one that is nowhere says so", async () => {
    const page = await visit("/completions");
    const rows = page.getByRole("table").getByRole("button");
    await rows.first().focus();
    await page.keyboard.press("j");
    expect(await rows.nth(1).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("complementary");
    const idIn = async (): Promise<string | null> => new URL(page.url()).searchParams.get("row");
    const { data } = await read("completions");
    await expect.poll(idIn).toBe(data[1]?.["id"]);
    await drawer.getByRole("heading", { level: 2 }).waitFor();
    await page.keyboard.press("k");
    await expect.poll(idIn).toBe(data[0]?.["id"]);
    await page.goto(`${app.url}/console/completions?status=failed&row=${String(data[0]?.["id"])}`);
    await drawer.getByText(String(data[0]?.["id"])).waitFor();
    await page.goto(`${app.url}/console/tool-runs?row=nothing-of-this-id`);
    await drawer.getByText("There is nothing of this id").waitFor();
    await page.context().close();
  }, 60_000);

  test("what is read stays where it is when something new comes, until somebody asks for it", async () => {
    const page = await visit("/conversations");
    const rows = page.getByRole("table").getByRole("button");
    await rows.first().focus();
    const before = await rows.allInnerTexts();
    const { ask, context } = await openTalk(browser, app, desktop!);
    await ask("hello again");
    await page.getByRole("button", { name: /^Show \d+ new row/ }).click({ timeout: 30_000 });
    await expect.poll(() => rows.count()).toBe(before.length + 1);
    await context.close();
    await page.context().close();
  }, 90_000);

  test("the file has what the filters let through, and days begin in the zone that the address names", async () => {
    const page = await visit("/completions?status=completed&from=2020-01-01&zone=Asia/Kathmandu");
    await page.getByRole("table").waitFor();
    expect(await page.getByLabel("Times in").inputValue()).toBe("Asia/Kathmandu");
    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download CSV" }).click();
    const csv = await readFile(await (await saved).path(), "utf8");
    const { data } = await read("completions?status=completed&from=2019-12-31T18:15:00Z");
    expect(
      csv
        .split("\r\n")
        .slice(1, -1)
        .map((line) => line.split(",")[0]),
    ).toEqual(data.map(({ id }) => id));
    await page.getByLabel("To").fill("2020-01-02");
    await page.getByText("Nothing fits these filters.").waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page.getByRole("table").waitFor();
    expect(new URL(page.url()).search).toBe("");
    await page.context().close();
  }, 60_000);

  test("a key of somebody is ended there, and the server's page shows nodes and settings without secrets", async () => {
    const token = new URL(app.loginUrl).searchParams.get("token") ?? "";
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "CI" });
    const { key } = (await (await fetch(`${app.url}/v1/api-keys`, { method: "POST", headers, body })).json()) as {
      key: string;
    };
    const statusOf = async (): Promise<number> =>
      (await fetch(`${app.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await statusOf()).toBe(200);
    const page = await visit("/users");
    await page.getByRole("table").getByRole("button").first().click();
    await page.getByRole("button", { name: "Revoke the key CI" }).click();
    await page.getByRole("button", { name: "Revoke", exact: true }).click();
    await page.getByText("They have none.").waitFor();
    expect(await statusOf()).toBe(401);
    await page.goto(`${app.url}/console/settings`);
    await page.getByRole("table", { name: "Nodes" }).getByRole("row").nth(1).waitFor();
    await page.getByLabel("Find a setting").fill("openai_api");
    const setting = page.getByRole("table", { name: "Configuration" }).getByRole("row", { name: /OPENAI_API_KEY/ });
    expect(await setting.innerText()).toContain("not set");
    expect(await page.content()).not.toContain(token);
    await page.context().close();
  }, 60_000);
});
