import type { Browser } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { makeArtifact } from "./app/artifact-setting.ts";
import { chromiumPath, devices } from "./app/chromium.ts";
import { openTalk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const [desktop, , phone] = devices;
const memo = { kind: "document", title: "Memo", content: "# Memo\n\nFirst.\n" } as const;

describe.skipIf(chromiumPath === null)("N10 the way back from an artifact", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  test.each([desktop!, phone!])(
    "on $name closing it leaves no step behind, and Back closes it",
    async (device) => {
      const { page, context } = await openTalk(browser, app, device);
      const shown = page.getByRole(device.name === "phone" ? "dialog" : "complementary", { name: "Artifact" });
      const { id, conversationId } = await makeArtifact(app, memo);
      const bare = `${app.url}/c/${conversationId}`;
      const open = async (): Promise<void> => {
        await page.getByRole("button", { name: "Show artifacts" }).click();
        await shown.getByText("Version 1 of 1").waitFor();
      };
      const close = async (): Promise<void> => {
        await shown.getByRole("button", { name: "Close artifact" }).click();
        await shown.waitFor({ state: "detached" });
        expect(page.url()).toBe(bare);
      };
      await page.goto(bare);
      await open();
      await shown.getByRole("button", { name: "All artifacts of this conversation" }).click();
      await shown.getByRole("button", { name: /^Memo/ }).click();
      await close();
      await open();
      await page.goBack();
      await shown.waitFor({ state: "detached" });
      expect(page.url()).toBe(bare);
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-label")))
        .toBe("Show artifacts");
      await open();
      await page.reload();
      await shown.getByText("Version 1 of 1").waitFor();
      await close();
      await page.goBack();
      await expect.poll(() => page.url()).toBe(`${app.url}/`);

      await page.goto(`${bare}?artifact=${id}`);
      await shown.getByText("Version 1 of 1").waitFor();
      await close();
      await page.goBack();
      await expect.poll(() => page.url()).toBe(`${app.url}/`);
      await context.close();
    },
    120_000,
  );
});
