import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Artifact } from "../../src/client/natter-client.ts";
import type { AppProcess } from "./app/app-process.ts";
import { asOwner, makeArtifact } from "./app/artifact-setting.ts";
import { chromiumPath, devices } from "./app/chromium.ts";
import { openTalk, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const [desktop] = devices;
const memo = { kind: "document", title: "Memo", content: "# Memo\n\nFirst.\n" } as const;
const unsaved = /You have unsaved changes/;

const panel = (page: Page) => page.getByRole("complementary", { name: "Artifact" });
const editor = (page: Page) => page.getByRole("textbox", { name: "Text of Memo" });
const press = (page: Page, name: string) => panel(page).getByRole("button", { name, exact: true }).click();
const typeAtEnd = async (page: Page, text: string): Promise<void> => {
  await editor(page).focus();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type(text);
};

describe.skipIf(chromiumPath === null)("C8 what somebody writes in an artifact", () => {
  let app: AppProcess;
  let browser: Browser;
  let talk: Talk;
  let page: Page;
  let artifact: Artifact;

  withApp((served) => {
    ({ app, browser } = served);
  });
  beforeEach(async () => {
    talk = await openTalk(browser, app, desktop!);
    page = talk.page;
    artifact = await makeArtifact(app, memo);
    await page.goto(`${app.url}/c/${artifact.conversationId}?artifact=${artifact.id}`);
    await panel(page).getByText("Version 1 of 1").waitFor();
  });
  afterEach(() => talk.context.close());

  const edit = async (): Promise<void> => {
    await press(page, "Edit artifact");
    await editor(page).waitFor();
  };
  const newest = () => asOwner<Artifact>(app, `/v1/artifacts/${artifact.id}`);

  test("is offered again after all artifacts were looked at, and by the pencil as well", async () => {
    await edit();
    await typeAtEnd(page, "Mine.");
    for (const goOn of ["Continue", "Edit artifact"]) {
      await press(page, "All artifacts of this conversation");
      await panel(page).getByRole("button", { name: /^Memo/ }).click();
      await panel(page).getByText("Version 1 of 1").waitFor();
      await panel(page).getByText(unsaved).waitFor();
      await press(page, goOn);
      await editor(page).getByText("Mine.").waitFor();
    }
    await press(page, "Save");
    await panel(page).getByText("Version 2 of 2").waitFor();
    expect((await newest()).content).toBe(`${memo.content}Mine.`);
  }, 120_000);

  test("is offered again after another artifact was shown, and nothing is edited there", async () => {
    const other = { kind: "document", title: "Other", content: "Other words." };
    await asOwner(app, `/v1/conversations/${artifact.conversationId}/artifacts`, { body: other });
    await edit();
    await typeAtEnd(page, "Mine.");
    await press(page, "All artifacts of this conversation");
    await panel(page)
      .getByRole("button", { name: /^Other/ })
      .click();
    await panel(page).getByText("Other words.").waitFor();
    expect(await panel(page).getByText(unsaved).count()).toBe(0);
    await press(page, "All artifacts of this conversation");
    await panel(page).getByRole("button", { name: /^Memo/ }).click();
    await panel(page).getByText(unsaved).waitFor();
    await press(page, "Discard what you changed");
    const question = panel(page).getByRole("group", { name: "Discard what you changed" });
    await question.getByRole("button", { name: "Cancel" }).click();
    await press(page, "Continue");
    await editor(page).getByText("Mine.").waitFor();
    await press(page, "All artifacts of this conversation");
    await panel(page).getByRole("button", { name: /^Memo/ }).click();
    await press(page, "Discard what you changed");
    await question.getByRole("button", { name: "Discard" }).click();
    await panel(page).getByText(unsaved).waitFor({ state: "detached" });
    await page.reload();
    await panel(page).getByText("Version 1 of 1").waitFor();
    await press(page, "Edit artifact");
    await panel(page).getByText("Nothing changed yet").waitFor();
  }, 120_000);

  test("is not lost when it is typed while a save is on its way", async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route(`**/v1/artifacts/${artifact.id}`, async (route) => {
      if (route.request().method() !== "PATCH") return route.continue();
      asked.resolve();
      await answer.promise;
      return route.continue();
    });
    await edit();
    await typeAtEnd(page, "Mine");
    await page.keyboard.press("ControlOrMeta+s");
    await asked.promise;
    await page.keyboard.type(", and more.");
    answer.resolve();
    await panel(page).getByText("Version 2 is saved; what you wrote since is kept on this device").waitFor();
    await page.keyboard.type(" And more.");
    expect((await newest()).content).toBe(`${memo.content}Mine`);
    await press(page, "Save");
    await panel(page).getByText("Version 3 of 3").waitFor();
    expect((await newest()).content).toBe(`${memo.content}Mine, and more. And more.`);
    expect(await panel(page).getByText(unsaved).count()).toBe(0);
  }, 120_000);

  test("is saved without leading back to it whoever closed the panel meanwhile", async () => {
    const answer = Promise.withResolvers<void>();
    await page.route(`**/v1/artifacts/${artifact.id}`, async (route) => {
      await answer.promise;
      return route.continue();
    });
    await edit();
    await typeAtEnd(page, "Mine.");
    await press(page, "Save");
    await press(page, "Close artifact");
    await panel(page).waitFor({ state: "detached" });
    answer.resolve();
    await expect.poll(async () => (await newest()).version).toBe(2);
    await page.getByRole("button", { name: "Show artifacts" }).click();
    await panel(page).getByText("Version 2 of 2").waitFor();
    expect(await panel(page).getByText(unsaved).count()).toBe(0);
  }, 120_000);
});
