import type { Browser, BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { Artifact } from "../../src/client/natter-client.ts";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, devices, openContext } from "./app/chromium.ts";
import { withApp } from "./app/with-app.ts";

const [desktop] = devices;
const password = "a long enough password";

const panel = (page: Page) => page.getByRole("complementary", { name: "Artifact" });
const editor = (page: Page) => page.getByRole("textbox", { name: "Text of Memo" });
const box = (page: Page) => page.getByRole("textbox", { name: "Message", exact: true });

/** The names of all that this browser keeps for the app, and what is kept under them. */
const keptIn = (page: Page): Promise<Readonly<Record<string, unknown>>> =>
  page.evaluate(async () => {
    const opening = indexedDB.open("keyval-store");
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.addEventListener("success", () => resolve(opening.result));
      opening.addEventListener("error", () => reject(opening.error ?? new Error("no database")));
    });
    const kept: Record<string, unknown> = Object.fromEntries(
      [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage)),
    );
    if (!database.objectStoreNames.contains("keyval")) return kept;
    const reading = database.transaction("keyval").objectStore("keyval").openCursor();
    await new Promise<void>((resolve, reject) => {
      reading.addEventListener("success", () => {
        const cursor = reading.result;
        if (cursor === null) return resolve();
        kept[cursor.key as string] = cursor.value;
        cursor.continue();
      });
      reading.addEventListener("error", () => reject(reading.error ?? new Error("it can't be read")));
    });
    database.close();
    return kept;
  });

const draftsIn = async (page: Page): Promise<readonly string[]> =>
  Object.keys(await keptIn(page)).filter((name) => /draft/.test(name));

const fillIn = async (page: Page, fields: Readonly<Record<string, string>>): Promise<void> => {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label, { exact: true }).fill(value);
};

/** Asks the server as the page does, with its cookie. */
const ask = <Answer>(page: Page, path: string, body?: unknown): Promise<Answer> =>
  page.evaluate(
    async ([asked, sent]) => {
      const headers = { "content-type": "application/json" };
      const init = sent === undefined ? {} : { method: "POST", headers, body: JSON.stringify(sent) };
      return (await fetch(asked, init)).json();
    },
    [path, body] as const,
  );

describe.skipIf(chromiumPath === null)("N10 what this browser keeps of a person", () => {
  let app: AppProcess;
  let browser: Browser;
  let invitation = "";

  const visit = async (address: string): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await openContext(browser, desktop!);
    const page = await context.newPage();
    await page.goto(address);
    return { context, page };
  };
  const signIn = async (page: Page, email: string): Promise<void> => {
    await fillIn(page, { "E-mail": email, Password: password });
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForSelector("#composer");
  };

  withApp(
    async (served) => {
      ({ app, browser } = served);
      const { context, page } = await visit(app.loginUrl);
      const join = async (name: string): Promise<void> => {
        await fillIn(page, { Name: name, "E-mail": `${name}@example.org`, Password: password });
        await page.getByRole("button", { name: "Create account" }).click();
        await page.waitForSelector("#composer");
      };
      await join("anna");
      const { workspaceId } = await ask<{ workspaceId: string }>(page, "/v1/me");
      const { path } = await ask<{ path: string }>(page, `/v1/workspaces/${workspaceId}/invitations`, {
        role: "member",
      });
      invitation = path;
      await context.clearCookies();
      await page.goto(`${app.url}${invitation}`);
      await join("ben");
      await context.close();
    },
    { NATTER_ACCOUNTS: "invited" },
  );

  /** Anna's browser with two tabs: in one she writes in a memo, in the other one a message, and in the memo as well. */
  const openTwoTabs = async () => {
    const { context, page: memo } = await visit(app.url);
    await signIn(memo, "anna@example.org");
    const { id } = await ask<{ id: string }>(memo, "/v1/conversations", { title: "Notes" });
    const draft = { kind: "document", title: "Memo", content: "# Memo" };
    const artifact = await ask<Artifact>(memo, `/v1/conversations/${id}/artifacts`, draft);
    const path = `${app.url}/c/${id}?artifact=${artifact.id}`;
    await memo.goto(path);
    await panel(memo).getByRole("button", { name: "Edit artifact" }).click();
    await editor(memo).waitFor();
    await memo.keyboard.type("My secret. ");
    await panel(memo).getByText("Kept on this device").waitFor();
    const message = await context.newPage();
    await message.goto(app.url);
    await box(message).fill("half a secret");
    await expect.poll(() => draftsIn(message)).toHaveLength(2);
    return { context, memo, message, path, draftName: `natter.artifact-draft.${artifact.id}` };
  };

  test("drafts of messages and of artifacts are forgotten together, also those that another tab shows", async () => {
    const { context, memo, message, path } = await openTwoTabs();
    await message.getByRole("button", { name: "Settings", exact: true }).click();
    const settings = message.getByRole("dialog", { name: "Settings" });
    await settings.getByRole("button", { name: "Forget all drafts" }).click();
    await settings.getByRole("group").getByRole("button", { name: "Forget all" }).click();
    await expect.poll(() => message.locator("#composer").inputValue()).toBe("");
    await editor(memo).waitFor({ state: "detached" });
    await expect.poll(() => draftsIn(message)).toEqual([]);
    await memo.goto(app.url);
    expect(await draftsIn(memo)).toEqual([]);
    expect(await box(memo).inputValue()).toBe("");
    await memo.goto(path);
    await panel(memo).getByText("Version 1 of 1").waitFor();
    expect(
      await panel(memo)
        .getByText(/unsaved/)
        .count(),
    ).toBe(0);
    await context.close();
  }, 120_000);

  test("whoever signs out leaves nothing behind, also in other tabs, but how the device looks", async () => {
    const { context, memo, message } = await openTwoTabs();
    await message.getByRole("button", { name: /^Use the dark/ }).click();
    await message.getByRole("button", { name: "Sign out" }).click();
    for (const page of [message, memo]) await page.getByRole("heading", { name: "Sign in" }).waitFor();
    const kept = await keptIn(memo);
    expect(JSON.stringify(kept)).not.toMatch(/secret|draft|seen|person/);
    expect(kept["natter.preferences"]).toContain('"theme":"dark"');
    await memo.close({ runBeforeUnload: true });
    expect(await draftsIn(message)).toEqual([]);
    await signIn(message, "ben@example.org");
    expect(await box(message).inputValue()).toBe("");
    await context.close();
  }, 120_000);

  test("after a session that ended by itself it is there for the same person, and forgotten for another", async () => {
    const { context, memo, message, draftName } = await openTwoTabs();
    const leave = async (): Promise<void> => {
      await context.clearCookies();
      await message.goto(app.url);
      await message.getByRole("heading", { name: "Sign in" }).waitFor();
    };
    await leave();
    await signIn(message, "anna@example.org");
    await expect.poll(() => box(message).inputValue()).toBe("half a secret");
    await leave();
    await signIn(message, "ben@example.org");
    await expect.poll(() => draftsIn(message)).toEqual([]);
    await message.waitForSelector("#composer");
    expect(await box(message).inputValue()).toBe("");
    await memo.reload();
    await memo.waitForSelector("#composer, h1");
    expect(Object.keys(await keptIn(memo))).not.toContain(draftName);
    await context.close();
  }, 120_000);
});
