import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { makeArtifact } from "./app/artifact-setting.ts";
import { chromiumPath, devices, type Device } from "./app/chromium.ts";
import { openTalk } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

const [light, dark] = devices;
const lineCount = 2_000;
const source = Array.from({ length: lineCount }, (_, index) => `const line${index} = "text"; // ${index}`).join("\n");

/** The words of the editor that are painted as a kind, in their order. */
const wordsOf = (page: Page, kind: string): Promise<readonly string[]> =>
  page.evaluate((name) => {
    const offsetIn = (node: Node): number => {
      const line = node.parentElement?.closest(".cm-line") ?? node;
      return line.parentNode === null ? 0 : [...line.parentNode.childNodes].indexOf(line as ChildNode);
    };
    const ranges = [...(CSS.highlights.get(name) ?? [])];
    return ranges
      .filter(({ startContainer }) => startContainer.isConnected)
      .sort((left, right) => offsetIn(left.startContainer) - offsetIn(right.startContainer))
      .map(({ startContainer, startOffset, endContainer, endOffset }) => {
        const range = new Range();
        range.setStart(startContainer, startOffset);
        range.setEnd(endContainer, endOffset);
        return range.toString();
      });
  }, `natter-token-${kind}`);

describe.skipIf(chromiumPath === null)("C8 the colours of code that somebody writes", () => {
  let app: AppProcess;
  let browser: Browser;

  withApp((served) => {
    ({ app, browser } = served);
  });

  const openEditor = async (device: Device) => {
    const { page, context } = await openTalk(browser, app, device);
    const draft = { kind: "code", language: "ts", title: "Lines", content: source } as const;
    const { id, conversationId } = await makeArtifact(app, draft);
    await page.goto(`${app.url}/c/${conversationId}?artifact=${id}`);
    await page.getByRole("button", { name: "Edit artifact" }).click();
    const editor = page.getByRole("textbox", { name: "Text of Lines" });
    await editor.waitFor();
    await expect.poll(() => wordsOf(page, "keyword")).toContain("const");
    return { page, context, editor };
  };

  test("follow what is typed, also where it changes all that is below, and where one scrolls to", async () => {
    const { page, context } = await openEditor(light!);
    await expect.poll(async () => (await wordsOf(page, "comment")).slice(0, 2)).toEqual(["// 0", "// 1"]);
    await page.keyboard.type("/* ");
    await expect
      .poll(async () => (await wordsOf(page, "comment")).slice(0, 2))
      .toEqual(['/* const line0 = "text"; // 0', 'const line1 = "text"; // 1']);
    expect(await wordsOf(page, "keyword")).toEqual([]);
    await page.keyboard.type("*/\n");
    await expect.poll(async () => (await wordsOf(page, "comment")).slice(0, 2)).toEqual(["/* */", "// 0"]);
    expect(await wordsOf(page, "string-expression")).toContain('"text"');
    await page.keyboard.press("ControlOrMeta+End");
    await expect.poll(() => wordsOf(page, "comment")).toContain(`// ${lineCount - 1}`);
    expect(await wordsOf(page, "comment")).not.toContain("// 0");
    await page.getByRole("button", { name: "All artifacts of this conversation" }).click();
    await expect.poll(() => wordsOf(page, "comment")).toEqual([]);
    await context.close();
  }, 120_000);

  test("are those of the page, by day and by night", async () => {
    const colours: string[] = [];
    for (const device of [light!, dark!]) {
      const { page, context, editor } = await openEditor(device);
      const painted = await editor.evaluate((element) => {
        const line = element.querySelector(".cm-line");
        return line === null ? "" : getComputedStyle(line, "::highlight(natter-token-keyword)").color;
      });
      const probe = await page.evaluate(() => {
        const element = document.body.appendChild(document.createElement("i"));
        element.style.color = "var(--code-keyword)";
        return getComputedStyle(element).color;
      });
      expect(painted).toBe(probe);
      colours.push(painted);
      await context.close();
    }
    expect(colours[0]).not.toBe(colours[1]);
  }, 120_000);
});
