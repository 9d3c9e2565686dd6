import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Artifact } from "../../src/client/natter-client.ts";
import type { AppProcess } from "./app/app-process.ts";
import { asOwner, makeArtifact } from "./app/artifact-setting.ts";
import { chromiumPath, devices, type Device } from "./app/chromium.ts";
import { findViolations, openTalk, type Talk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const desktop: Device = { name: "desktop", colorScheme: "light" };
const memo = { kind: "document", title: "Memo", content: "# Memo\n\nFirst.\n\nSecond.\n\nThird.\n" } as const;

describe.skipIf(chromiumPath === null)("C8, C9 the artifact panel", () => {
  let app: AppProcess;
  let browser: Browser;
  let talk: Talk;
  let page: Page;

  withApp((served) => {
    ({ app, browser } = served);
  });
  beforeEach(async () => {
    talk = await openTalk(browser, app, desktop);
    page = talk.page;
  });
  afterEach(() => talk.context.close());

  const panel = (on: Page = page) => on.getByRole("complementary", { name: "Artifact" });
  const editor = () => page.getByRole("textbox", { name: "Text of Memo" });
  const tab = (name: string) => panel().getByRole("tab", { name });
  const change = (id: string, content: string) =>
    asOwner<Artifact>(app, `/v1/artifacts/${id}`, { method: "PATCH", body: { content } });
  const newest = (id: string) => asOwner<Artifact>(app, `/v1/artifacts/${id}`);
  const openMemo = async (): Promise<Artifact> => {
    const artifact = await makeArtifact(app, memo);
    await page.goto(`${app.url}/c/${artifact.conversationId}?artifact=${artifact.id}`);
    await panel().getByText("Version 1 of 1").waitFor();
    return artifact;
  };
  const edit = async (): Promise<void> => {
    await panel().getByRole("button", { name: "Edit artifact" }).click();
    await editor().waitFor();
  };
  const save = () => panel().getByRole("button", { name: "Save", exact: true }).click();

  test("an artifact is seen while it is written, opened from its card, and each of its versions from its own", async () => {
    await talk.send("artifact");
    await page.locator("[data-live-line]").waitFor();
    await talk.idle();
    expect(await page.locator("[data-live-line]").count()).toBe(0);
    expect(await talk.said(-1)).not.toMatch(/artifactId|\{/);
    const card = (version: number) =>
      page.getByRole("button", { name: `How to make tea Document · version ${version}` });
    await card(1).click();
    await panel().getByRole("heading", { name: "What you need" }).waitFor();
    await talk.ask("artifact change");
    await panel().getByRole("heading", { name: "Changed" }).waitFor();
    await panel().getByText("Version 2 of 2").waitFor();
    await card(1).click();
    await panel().getByText("This is version 1, not the newest.").waitFor();
    await panel().getByRole("button", { name: "Restore", exact: true }).click();
    await panel().getByText("Version 3 of 3").waitFor();
    await panel().getByRole("heading", { name: "What you need" }).waitFor();
    await tab("Versions").click();
    await panel().getByRole("button", { name: "3 How to make tea newest You" }).waitFor();
    await panel()
      .getByRole("button", { name: /^2 How to make tea Natter, asked by you/ })
      .click();
    await tab("Changes").click();
    await panel().getByText("+# Changed").or(panel().getByText("added: # Changed")).first().waitFor();
  }, 120_000);

  test("the keyboard opens it, closes it, and the focus goes back where it was", async () => {
    await talk.ask("artifact svg");
    const card = page.getByRole("button", { name: /^A cup/ });
    await card.focus();
    await page.keyboard.press("Enter");
    await expect.poll(() => panel().evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press("Escape");
    await panel().waitFor({ state: "detached" });
    await expect.poll(() => card.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press("ControlOrMeta+Shift+A");
    await panel().getByRole("heading", { name: "A cup" }).waitFor();
    await page.goBack();
    await panel().waitFor({ state: "detached" });
    await page.goForward();
    await panel().getByRole("heading", { name: "A cup" }).waitFor();
    await page.keyboard.press("ControlOrMeta+Shift+A");
    await panel().waitFor({ state: "detached" });
  }, 120_000);

  test("what is written is kept over a reload, and saved as a version", async () => {
    const { id } = await openMemo();
    await edit();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("jk Mine.");
    await panel().getByText("Kept on this device").waitFor();
    await page.reload();
    await panel()
      .getByText(/You have unsaved changes/)
      .waitFor();
    await panel().getByRole("button", { name: "Continue" }).click();
    await editor().getByText("jk Mine.").waitFor();
    await panel().getByRole("textbox", { name: "Title" }).fill("Our memo");
    await editor().focus();
    await page.keyboard.press("ControlOrMeta+s");
    await panel().getByText("Version 2 of 2").waitFor();
    expect(await newest(id)).toMatchObject({
      title: "Our memo",
      content: `${memo.content}jk Mine.`,
      writtenBy: "person",
    });
    await page.reload();
    await panel().getByText("Version 2 of 2").waitFor();
    expect(
      await panel()
        .getByText(/unsaved/)
        .count(),
    ).toBe(0);
  }, 120_000);

  test("two who write at once both keep what they wrote: elsewhere together, in one place side by side", async () => {
    const { id, content } = await openMemo();
    await edit();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("Mine.");
    await change(id, content.replace("First.", "Theirs."));
    await panel().getByText("Version 2 was written while you edit.").waitFor();
    expect(await editor().innerText()).toContain("Mine.");
    await save();
    await panel()
      .getByText(/Its changes are taken over/)
      .waitFor();
    await save();
    await panel().getByText("Version 3 of 3").waitFor();
    expect((await newest(id)).content).toBe(`${content.replace("First.", "Theirs.")}Mine.`);

    await edit();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("All mine.");
    await change(id, "All theirs.");
    await save();
    await panel()
      .getByText(/Both are here/)
      .waitFor();
    await panel().getByText("All theirs.").waitFor();
    expect(await editor().innerText()).toContain("All mine.");
    await panel().getByRole("button", { name: "All artifacts of this conversation" }).click();
    await panel().getByRole("button", { name: /^Memo/ }).click();
    await panel().getByRole("button", { name: "Continue" }).click();
    await panel()
      .getByText(/Both are here/)
      .waitFor();
    expect(await editor().innerText()).toContain("All mine.");
    await panel().getByRole("button", { name: "Take theirs" }).click();
    await save();
    await panel().getByText("Version 4 of 4").waitFor();
    expect((await newest(id)).content).toBe("All theirs.");
  }, 120_000);

  test("what somebody deletes while it is open says so, and what was written there can still be saved", async () => {
    const { id, conversationId } = await openMemo();
    await edit();
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("Mine.");
    await asOwner(app, `/v1/artifacts/${id}`, { method: "DELETE" });
    await panel()
      .getByText(/Somebody deleted this artifact/)
      .waitFor();
    await panel().getByRole("button", { name: "Save as a new artifact" }).click();
    await panel().getByText("Version 1 of 1").waitFor();
    const { data } = await asOwner<{ data: Artifact[] }>(app, `/v1/conversations/${conversationId}/artifacts`);
    expect(data).toHaveLength(1);
    expect((await newest(data[0]!.id)).content).toBe(`${memo.content}Mine.`);
    await asOwner(app, `/v1/artifacts/${data[0]!.id}`, { method: "DELETE" });
    await panel().getByText("This artifact is gone").waitFor();
    await panel().getByRole("button", { name: "All artifacts of this conversation" }).click();
    await panel().getByText("No artifacts yet").waitFor();
  }, 120_000);

  test("an archived conversation's artifacts are read only", async () => {
    const { conversationId } = await openMemo();
    await panel().getByRole("button", { name: "Edit artifact" }).waitFor();
    await asOwner(app, `/v1/conversations/${conversationId}`, { method: "PATCH", body: { status: "archived" } });
    await panel().getByRole("button", { name: "Edit artifact" }).waitFor({ state: "detached" });
    await tab("Versions").click();
    expect(
      await panel()
        .getByRole("button", { name: /Restore|Delete/ })
        .count(),
    ).toBe(0);
  }, 60_000);
});

describe.skipIf(chromiumPath === null)("N10 the artifact panel for everybody", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  test.each(devices)(
    "has no axe violation on $name, $colorScheme, and fits",
    async (device) => {
      const { page, context } = await openTalk(browser, app, device);
      const { id, conversationId, content } = await makeArtifact(app, memo);
      await asOwner(app, `/v1/artifacts/${id}`, {
        method: "PATCH",
        body: { content: content.replace("First", "1st") },
      });
      const found: string[] = [];
      const look = async (): Promise<void> => void found.push(...(await findViolations(page)));
      await page.goto(`${app.url}/c/${conversationId}?artifact=${id}`);
      for (const view of ["Preview", "Source", "Changes", "Versions"]) {
        await page.getByRole("tab", { name: view }).click();
        await page
          .getByRole("tabpanel")
          .getByText(/First|1st|Memo/)
          .first()
          .waitFor();
        await look();
      }
      await page.getByRole("button", { name: "Edit artifact" }).click();
      await page.getByRole("textbox", { name: "Text of Memo" }).waitFor();
      await look();
      await page.keyboard.type("Mine");
      await asOwner(app, `/v1/artifacts/${id}`, { method: "PATCH", body: { content: "Theirs" } });
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByRole("button", { name: "Keep mine" }).first().waitFor();
      await look();
      await page.getByRole("button", { name: "All artifacts of this conversation" }).click();
      await page.getByRole("list", { name: "Documents of this conversation" }).waitFor();
      await look();
      expect(found).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      await context.close();
    },
    120_000,
  );
});
