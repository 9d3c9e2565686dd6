import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import { createId } from "../../src/foundation/ids.ts";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, type Device } from "./app/chromium.ts";
import { openSettingsPage } from "./app/settings-page.ts";
import { findViolations, openTalk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const desktop: Device = { name: "desktop", colorScheme: "light" };

const fromChatGpt = (title: string, text: string, id: string) => ({
  title,
  create_time: 1_700_000_000,
  update_time: 1_700_000_001,
  current_node: "answer",
  conversation_id: id,
  mapping: {
    root: { id: "root", message: null, parent: null, children: ["question"] },
    question: {
      id: "question",
      parent: "root",
      children: ["answer"],
      message: {
        id: "question",
        author: { role: "user" },
        create_time: 1_700_000_000,
        content: { content_type: "text", parts: [text] },
      },
    },
    answer: {
      id: "answer",
      parent: "question",
      children: [],
      message: {
        id: "answer",
        author: { role: "assistant" },
        create_time: 1_700_000_001,
        content: { content_type: "text", parts: ["An answer from elsewhere"] },
      },
    },
  },
});

const chosenFile = (conversations: readonly object[]) => ({
  name: "conversations.json",
  mimeType: "application/json",
  buffer: Buffer.from(JSON.stringify(conversations)),
});

describe.skipIf(chromiumPath === null)("imports in the settings", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  test("N10 conversations are brought along with a report of each, which is there again after a reload", async () => {
    const { page, context } = await openTalk(browser, app, desktop);
    const region = await openSettingsPage(page, "Your data");
    const chosen = chosenFile([
      fromChatGpt("Rabbits", "About rabbits", "chatgpt-conversation-1"),
      { title: "A broken one", mapping: 7 },
    ]);
    let refused = 0;
    await page.route("**/v1/import/*", async (route) => {
      refused += 1;
      if (refused > 1) return route.continue();
      await route.fulfill({ status: 422, json: { code: "unprocessable", detail: "Not now." } });
    });
    await region.getByLabel("Choose files").setInputFiles(chosen);
    await region.getByText("Done · 1 imported · 1 failed").waitFor();
    expect(refused).toBeGreaterThan(1);
    await page.locator("aside").getByRole("link", { name: "Rabbits" }).waitFor();
    await page.reload();
    await page.waitForSelector("#composer");
    await openSettingsPage(page, "Your data");
    await region.getByRole("button", { name: "Details of conversations.json" }).click();
    const broken = region.getByRole("listitem").filter({ hasText: "A broken one" }).last();
    await broken.getByText("Failed").waitFor();
    await expect.poll(() => broken.getByText(/can be read/).count()).toBe(1);
    expect(await findViolations(page)).toEqual([]);
    await region.getByLabel("Choose files").setInputFiles(chosen);
    await region.getByText("Done · 0 imported · 1 there already · 1 failed").waitFor();
    await region.getByRole("link", { name: "Rabbits" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByText("An answer from elsewhere").waitFor();
    await context.close();
  }, 60_000);

  test("N10 an import from another device comes by itself, with its report, until this one takes it off its list", async () => {
    const one = await openTalk(browser, app, desktop);
    const other = await openTalk(browser, app, desktop);
    const [here, there] = [
      await openSettingsPage(one.page, "Your data"),
      await openSettingsPage(other.page, "Your data"),
    ];
    const list = there.getByRole("list", { name: "Imports" });
    const before = await list.getByText("2 imported").count();
    await here
      .getByLabel("Choose files")
      .setInputFiles(
        chosenFile([fromChatGpt("Owls", "About owls", createId()), fromChatGpt("Bats", "About bats", createId())]),
      );
    const row = list.getByRole("listitem").filter({ hasText: "Done · 2 imported" }).first();
    await row.waitFor();
    await other.page.locator("aside").getByRole("link", { name: "Owls" }).waitFor();
    await row.getByRole("button", { name: /^Details of Import of / }).click();
    await row.getByRole("link", { name: "Bats" }).waitFor();
    expect(await findViolations(other.page)).toEqual([]);
    await row.getByRole("button", { name: /^Remove Import of .* from this list/ }).click();
    await expect.poll(() => list.getByText("2 imported").count()).toBe(before);
    await other.page.reload();
    await other.page.waitForSelector("#composer");
    const told = other.page.waitForResponse("**/v1/imports?*");
    await openSettingsPage(other.page, "Your data");
    await (await told).finished();
    await there.getByRole("link", { name: "Download as Zip archive" }).waitFor();
    await expect.poll(() => list.getByText("2 imported").count()).toBe(before);
    await here.getByText("Done · 2 imported").waitFor();
    for (const { context } of [one, other]) await context.close();
  }, 60_000);
});
