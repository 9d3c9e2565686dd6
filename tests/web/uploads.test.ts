import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices } from "./app/chromium.ts";
import { findViolations, openTalk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const [desktop] = devices;
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const picture = { name: "dot.png", mimeType: "image/png", buffer: pixel };
const note = { name: "note.txt", mimeType: "text/plain", buffer: Buffer.from("remember the milk") };

describe.skipIf(chromiumPath === null)("files in the composer", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  const choose = (page: Page, files: readonly (typeof picture)[]) =>
    page.locator('input[type="file"]').setInputFiles([...files]);
  const chips = (page: Page) => page.getByRole("list", { name: "Files of this message" }).getByRole("listitem");
  /** Files as the clipboard or a mouse brings them. */
  const bring = (page: Page, by: "paste" | "drop", name: string) =>
    page.evaluate(
      ({ by: kind, name: fileName }) => {
        const data = new DataTransfer();
        data.items.add(new File(["brought along"], fileName, { type: "text/plain" }));
        const given = { bubbles: true, cancelable: true };
        const event =
          kind === "paste"
            ? new ClipboardEvent("paste", { ...given, clipboardData: data })
            : new DragEvent("drop", { ...given, dataTransfer: data });
        document.querySelector("#composer")?.dispatchEvent(event);
      },
      { by, name },
    );

  test("D5 files are chosen, pasted and dropped, one is left out, and the message shows them", async () => {
    const talk = await openTalk(browser, app, desktop!);
    const { page } = talk;
    await choose(page, [picture, note]);
    await bring(page, "paste", "pasted.txt");
    await bring(page, "drop", "dropped.txt");
    await expect.poll(() => chips(page).count()).toBe(4);
    await page.getByRole("button", { name: "Remove pasted.txt" }).click();
    await page.getByRole("button", { name: "Remove dropped.txt" }).waitFor();
    await talk.ask("hello");
    expect(await chips(page).count()).toBe(0);
    const message = page.locator('[data-message][data-role="user"]').first();
    const image = message.getByRole("img", { name: "dot.png" });
    await expect.poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(1);
    expect(await message.getByRole("link").allInnerTexts()).toEqual([
      expect.stringContaining("note.txt"),
      expect.stringContaining("dropped.txt"),
    ]);
    await page.reload();
    await message.getByRole("link", { name: "note.txt" }).waitFor();
    await talk.context.close();
  });

  test("D5 Send waits for what is on its way, an upload is stopped, and one that failed is tried again", async () => {
    const talk = await openTalk(browser, app, desktop!);
    const { page } = talk;
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    await page.route("**/v1/attachments?*", async (route) => {
      await gate;
      await route.continue();
    });
    await choose(page, [picture, note]);
    await page.getByRole("progressbar", { name: "Uploading note.txt" }).waitFor();
    await page.getByRole("button", { name: "Stop uploading dot.png" }).click();
    await talk.send("hello");
    await page.getByText("Sends when the files are there").waitFor();
    expect(await page.locator("[data-message]").count()).toBe(0);
    open();
    await page.locator('[data-message][data-role="user"]').getByRole("link", { name: "note.txt" }).waitFor();
    await talk.idle();
    expect(await page.locator("[data-message] img").count()).toBe(0);

    await page.unroute("**/v1/attachments?*");
    await page.route("**/v1/attachments?*", (route) => route.abort());
    await choose(page, [note]);
    await page.getByRole("button", { name: "Upload note.txt again" }).waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).isDisabled()).toBe(true);
    await page.unroute("**/v1/attachments?*");
    await page.getByRole("button", { name: "Upload note.txt again" }).click();
    await page.getByRole("button", { name: "Remove note.txt" }).waitFor();
    await page.getByRole("button", { name: /^Send/ }).click();
    await expect.poll(() => page.locator('[data-message][data-role="user"]').count()).toBe(2);
    await talk.context.close();
  });

  test("N10 files stay with the draft over a reload and in another tab; one that is gone meanwhile is told, and left out", async () => {
    const talk = await openTalk(browser, app, desktop!);
    const { page } = talk;
    await choose(page, [picture, note]);
    await page.getByRole("button", { name: "Remove note.txt" }).waitFor();
    await page.getByRole("button", { name: "Remove dot.png" }).waitFor();
    await page.reload();
    await expect
      .poll(() => chips(page).allInnerTexts())
      .toEqual([expect.stringContaining("dot.png"), expect.stringContaining("note.txt")]);
    const other = await talk.context.newPage();
    await other.goto(app.url);
    await other.getByRole("button", { name: "Remove dot.png" }).click();
    await page.getByRole("button", { name: "Remove dot.png" }).waitFor({ state: "detached" });
    await page.route("**/v1/attachments/*", (route) =>
      route.request().method() === "HEAD" ? route.fulfill({ status: 404 }) : route.continue(),
    );
    await page.reload();
    await chips(page).getByText("The server does not keep it any more. Choose it again.").waitFor();
    expect(await page.getByRole("button", { name: /^Send/ }).isDisabled()).toBe(true);
    expect(await findViolations(page)).toEqual([]);
    await page.unrouteAll();
    await page.reload();
    await page.getByRole("button", { name: "Remove note.txt" }).waitFor();
    await talk.ask("hello");
    await page.locator('[data-message][data-role="user"]').getByRole("link", { name: "note.txt" }).waitFor();
    await page.goto(app.url);
    await page.waitForSelector("#composer");
    expect(await chips(page).count()).toBe(0);
    await talk.context.close();
  });

  test("D5 a file that the server does not take says why, and can be left out", async () => {
    const talk = await openTalk(browser, app, desktop!);
    const { page } = talk;
    await choose(page, [{ name: "big.txt", mimeType: "text/plain", buffer: Buffer.alloc(10_485_761, 97) }]);
    const chip = chips(page).first();
    await expect.poll(() => chip.getByRole("alert").count()).toBe(1);
    expect((await chip.getByRole("alert").innerText()).length).toBeGreaterThan(10);
    await page.getByRole("button", { name: "Remove big.txt" }).click();
    await expect.poll(() => chips(page).count()).toBe(0);
    await talk.context.close();
  });

  test.each(devices)(
    "has no axe violation on $name, $colorScheme, while a file goes and when it failed",
    async (device) => {
      const talk = await openTalk(browser, app, device);
      const { page } = talk;
      await page.route("**/v1/attachments?*", (route) =>
        route.request().url().includes("note") ? route.abort() : undefined,
      );
      await choose(page, [picture, note]);
      await page.getByRole("button", { name: "Upload note.txt again" }).waitFor();
      expect(await findViolations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await page.unrouteAll({ behavior: "ignoreErrors" });
      await talk.context.close();
    },
  );
});
