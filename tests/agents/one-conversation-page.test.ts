import type { Browser, Locator } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preparePydanticAi } from "../../src/testing/servers/python-agent.ts";
import { chromiumPath, launchChromium } from "../web/app/chromium.ts";
import { serveHostApp, type HostApp } from "../web/app/host-app.ts";
import { talkOn } from "../web/app/talk.ts";
import { fourQuestions, startFourFrameworks, type FourFrameworks } from "./four-frameworks.ts";

const environment = chromiumPath === null ? null : await preparePydanticAi();
const { python, graph, sdk, own } = fourQuestions;

/** Each is another than the one before, and the first than the default. */
const asked = [
  { ...own, argument: "AB-12", answer: "There are 7 of AB-12." },
  { ...graph, argument: "Ghent", answer: "There it is." },
  { ...sdk, argument: "Ghent", answer: "There it is." },
  { ...python, argument: "a 2, b 3", answer: "It gave 5." },
];

describe.skipIf(environment === null)("A3 four frameworks in one conversation of the page", () => {
  let four: FourFrameworks;
  let host: HostApp;
  let browser: Browser;

  beforeAll(async () => {
    four = await startFourFrameworks(environment ?? "");
    host = await serveHostApp(four.agents, {
      providers: { test: { driver: four.model, models: ["model"] } },
      models: { default: "test/model" },
      features: { titles: false },
    });
    browser = await launchChromium();
  }, 240_000);

  afterAll(async () => {
    await browser?.close();
    await host?.close();
    await four?.close();
  });

  const expectAnswer = async (message: Locator, { tool, argument, answer }: (typeof asked)[number]): Promise<void> => {
    await message.getByText(answer, { exact: true }).waitFor();
    const rows = message.getByRole("group", { name: "Tool calls" }).getByRole("listitem");
    expect(await rows.count()).toBe(1);
    expect((await rows.innerText()).split(/\s*\n\s*/).slice(0, 3)).toEqual([tool, "done", argument]);
  };

  it("lets the person choose each, and shows its answer and its tool call, also after a reload", async () => {
    const context = await host.signIn(browser, "Ada", { name: "desktop", colorScheme: "light" });
    const page = await context.newPage();
    await page.goto(host.url);
    const { ask } = await talkOn(context, page);
    const answers = page.locator("[data-message][data-role=assistant]");
    const addresses = new Set<string>();
    let current: string = python.name;
    for (const [index, question] of asked.entries()) {
      await page.getByRole("button", { name: `Agent: ${current}` }).click();
      await page.getByRole("option", { name: new RegExp(`^${question.name}`) }).click();
      await page.getByRole("button", { name: `Agent: ${question.name}` }).waitFor();
      current = question.name;
      await ask(question.text);
      addresses.add(page.url());
      await expectAnswer(answers.nth(index), question);
    }
    expect([...addresses]).toEqual([expect.stringMatching(/\/c\/[\w-]+$/)]);
    const id = new URL(page.url()).pathname.slice("/c/".length);
    const stored = await host.ask("Ada", `/v1/conversations/${id}/messages`);
    const { data } = (await stored.json()) as { readonly data: readonly { completion?: { agent: string } | null }[] };
    const agents = data.flatMap(({ completion }) => (completion ? [completion.agent] : []));
    expect(agents).toEqual(["own", "graph", "sdk", "python"]);

    await page.reload();
    await page.getByRole("button", { name: `Agent: ${current}` }).waitFor();
    await expect.poll(() => answers.count()).toBe(asked.length);
    await page.getByRole("button", { name: `Agent: ${current}` }).click();
    const unseen = page.getByRole("option", { name: python.name });
    expect(await unseen.innerText()).toContain("May use tools of its own");
    const cutOff = (list: HTMLElement): number => list.scrollHeight - list.clientHeight;
    await expect.poll(() => page.getByRole("listbox", { name: "Agent" }).evaluate(cutOff)).toBe(0);
    await page.keyboard.press("Escape");
    for (const [index, question] of asked.entries()) {
      const message = answers.nth(index);
      await expectAnswer(message, question);
      await message.getByRole("group", { name: "Tool calls" }).getByRole("button").click();
      const result = await message.getByRole("group", { name: "Result" }).innerText();
      const { output } = question;
      expect(result).toBe(typeof output === "string" ? output : JSON.stringify(output, null, 2));
    }
    await context.close();
  }, 180_000);
});
