import { rm } from "node:fs/promises";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildStage } from "../../bench/web/build-stage.ts";
import { serveStage } from "../../bench/web/serve-stage.ts";
import type { AgentTool, Part } from "../../src/client/natter-client.ts";
import type { AnswerStage, ShownAnswer } from "../../web/stage/answer-contract.ts";
import { chromiumPath, devices, launchChromium, openContext } from "./app/chromium.ts";
import { hostileMaps } from "./hostile/hostile-maps.ts";
import { findViolations } from "./app/talk.ts";

declare global {
  var answerStage: AnswerStage;
}

const asked = (id: string, input: unknown): Part => ({
  type: "tool-create_ticket",
  toolCallId: id,
  state: "approval-requested",
  input,
  approval: { id: `approval-${id}` },
});

const call = (id: string, state: object): Part =>
  ({ type: "tool-weather", toolCallId: id, input: { city: "Oslo" }, ...state }) as unknown as Part;

const at = (name: string, ...coordinates: number[]) => ({
  type: "Feature",
  properties: { name },
  geometry: { type: "Point", coordinates },
});

const tools: readonly AgentTool[] = [
  { name: "create_ticket", description: "Creates a ticket. Use it with care.", kind: "inline", outputSchema: null },
  {
    name: "ask_person",
    description: "Asks the person.",
    kind: "client",
    outputSchema: {
      type: "object",
      required: ["region", "machines", "agree"],
      properties: {
        region: { type: "string", enum: ["Frankfurt", "Stockholm"] },
        machines: { type: "integer", minimum: 1, maximum: 20 },
        agree: { type: "boolean", title: "I agree to the cost" },
        tags: { type: "array", items: { type: "string" } },
        contact: { type: "object", required: ["name"], properties: { name: { type: "string" } } },
      },
    },
  },
];

const question: Part = {
  type: "tool-ask_person",
  toolCallId: "form",
  state: "input-available",
  input: { question: "Which region?", deadline: "Friday" },
};

const states: readonly (readonly [name: string, answer: ShownAnswer])[] = [
  [
    "approvals",
    { isLive: true, isWaiting: true, tools, parts: [asked("1", { title: "x", due: ["Friday"] }), asked("2", {})] },
  ],
  ["a form", { isLive: true, isWaiting: true, tools, parts: [question] }],
  [
    "rows",
    {
      isLive: true,
      parts: [
        call("1", { state: "output-available", output: { degrees: 3 } }),
        call("2", { state: "output-error", errorText: "No such city." }),
        { type: "text", text: "And:" },
        call("3", { state: "output-error", errorText: "The input was refused: city" }),
        call("4", { state: "output-error", errorText: "The outcome of this call is unknown: it stopped." }),
        call("5", { state: "output-denied", approval: { id: "a", approved: false, reason: "Too much" } }),
        call("6", { state: "output-available", output: { status: "pending", note: "It goes on." } }),
        call("7", { state: "input-available" }),
      ],
    },
  ],
  [
    "a map and a result",
    {
      parts: [
        {
          type: "data-natter-tool-result",
          data: { tool: "cost_forecast", outcome: { type: "completed", data: { total: 7 } } },
        },
        { type: "data-natter-map", data: { features: [at("Stockholm", 18.07, 59.33), at("Dublin", -6.26, 53.35)] } },
      ],
    },
  ],
];

describe.skipIf(chromiumPath === null)("parts of an answer in Chromium, under the app's policy", () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let directory: string;
  let stage: Awaited<ReturnType<typeof serveStage>>;
  let incidents: string[];

  beforeAll(async () => {
    directory = await buildStage("answer");
    stage = await serveStage(directory);
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    stage?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const open = async (device = devices[0]!): Promise<void> => {
    await context?.close();
    context = await openContext(browser, device);
    page = await context.newPage();
    incidents = [];
    page.on("dialog", (dialog) => {
      incidents.push(dialog.message());
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => incidents.push(String(error)));
    page.on("request", (request) => {
      if (!request.url().startsWith(stage.url) && !request.url().startsWith("data:")) incidents.push(request.url());
    });
    await page.goto(stage.url);
    await page.waitForFunction(() => "answerStage" in globalThis);
  };

  const show = (answer: ShownAnswer): Promise<void> =>
    page.evaluate((json) => answerStage.show(JSON.parse(json)), JSON.stringify(answer));
  const requests = () => page.evaluate(() => answerStage.asked());

  beforeEach(() => open());

  it("N10 have nothing that axe finds wrong, on every device, in light and dark", async () => {
    for (const device of devices) {
      await open(device);
      for (const [name, answer] of states) {
        await show(answer);
        await page.locator("[data-question], [role=group], figure svg[role=img]").first().waitFor();
        const folded = page.locator("[data-message] button[aria-expanded=false]:not([aria-haspopup])");
        while ((await folded.count()) > 0) await folded.first().click();
        expect([device, name, await findViolations(page)]).toEqual([device, name, []]);
        const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect([device, name, isWider]).toEqual([device, name, false]);
      }
      expect(incidents).toEqual([]);
    }
  }, 120_000);

  it("N5, S30, S24 show the exact arguments, and what would not be seen in them", async () => {
    await show({
      isLive: true,
      isWaiting: true,
      tools,
      parts: [asked("1", { to: "a\u202eb", cents: 5, list: ["x"] })],
    });
    const card = page.getByRole("group", { name: "Allow “Create ticket”?" });
    await expect.poll(() => card.innerText()).toContain("Creates a ticket. create_ticket will run as you");
    const words = (await card.getByRole("group", { name: "Exact arguments" }).innerText()).replaceAll(/\s+/g, " ");
    expect(words).toBe('to aU+202Eb cents 5 list ["x"]');
  });

  it("N5 are allowed by a click or by Space, never by Enter, and each question once", async () => {
    await show({ isLive: true, isWaiting: true, tools, parts: [asked("1", {}), asked("2", {})] });
    const allow = page.getByRole("button", { name: "Allow once" });
    const always = page.getByRole("button", { name: "Always in this conversation" });
    await expect.poll(() => allow.first().getAttribute("aria-disabled")).toBe("false");
    await allow.first().focus();
    await page.keyboard.press("Enter");
    await always.last().focus();
    await page.keyboard.press("Enter");
    expect(await requests()).toEqual([]);
    await page.keyboard.press("Space");
    await page.keyboard.press("Space");
    await expect
      .poll(requests)
      .toEqual([{ method: "POST", path: "/v1/approvals/approval-2", body: { decision: "always" } }]);
    await allow.first().click();
    await allow.first().click({ force: true });
    await expect.poll(async () => (await requests()).length).toBe(2);
    expect((await requests())[1]).toMatchObject({ path: "/v1/approvals/approval-1", body: { decision: "once" } });
  });

  it("N5 are denied with a reason, and the focus goes on to the next question, then to the box", async () => {
    const first = asked("1", {});
    const second = asked("2", {});
    await show({ isLive: true, isWaiting: true, tools, parts: [first, second] });
    await page.getByRole("button", { name: "Deny" }).first().click();
    await page.keyboard.type("Too expensive");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Deny" }).first().click();
    await page.keyboard.type("Not today");
    await page.keyboard.press("Enter");
    await expect
      .poll(requests)
      .toEqual([{ method: "POST", path: "/v1/approvals/approval-1", body: { decision: "deny", reason: "Not today" } }]);
    const focused = () =>
      page.evaluate(() => [document.activeElement?.id, document.activeElement?.hasAttribute("data-question")]);
    const denied = call("1", {
      state: "output-denied",
      approval: { id: "approval-1", approved: false, reason: "Not today" },
    });
    await show({ isLive: true, isWaiting: true, tools, parts: [denied, second] });
    await page.getByText("Denied · Not today").waitFor();
    await expect.poll(focused).toEqual(["", true]);
    await show({ tools, parts: [denied, call("2", { state: "output-available", output: 1 })] });
    await expect.poll(focused).toEqual(["composer", false]);
  });

  it("N13 ask by a form of what the tool wants to know, by keyboard alone", async () => {
    await show({ isLive: true, isWaiting: true, tools, parts: [question] });
    const card = page.getByRole("group", { name: "Which region?" });
    await card.getByText("Friday").waitFor();
    await card.getByRole("button", { name: "Send answer" }).press("Enter");
    await page.getByText("3 fields need another look.").waitFor();
    expect(await requests()).toEqual([]);
    await card.getByRole("radio", { name: "Frankfurt" }).focus();
    await page.keyboard.press("ArrowRight");
    await card.getByLabel("Machines").fill("21");
    await card.getByRole("radio", { name: "Yes" }).press("Space");
    await card.getByLabel("Tags").fill("a\nb\n");
    await card.getByLabel("Machines").press("Enter");
    await card.getByText("Between 1 and 20.").waitFor();
    await card.getByLabel("Machines").fill("2");
    await card.getByLabel("Machines").press("Enter");
    await expect
      .poll(async () => (await requests()).map(({ body }) => body))
      .toEqual([{ output: { region: "Stockholm", machines: 2, agree: true, tags: ["a", "b"] } }]);
  });

  it("A5 show places on a map that is moved by keys, and name them in a list", async () => {
    await show(states[3]![1]);
    const map = page.getByRole("img", { name: "Map: Stockholm, Dublin" });
    await map.waitFor();
    const scale = () => map.locator("g").first().getAttribute("transform");
    expect(await scale()).toBe("translate(0 0) scale(1)");
    await map.focus();
    await page.keyboard.press("+");
    await page.keyboard.press("ArrowRight");
    expect(await scale()).toContain("scale(1.6)");
    await page.getByRole("button", { name: "Show all places" }).click();
    expect(await scale()).toBe("translate(0 0) scale(1)");
    await page.getByRole("button", { name: "Show list" }).click();
    expect(await page.getByRole("list", { name: "Places on the map" }).getByRole("listitem").allInnerTexts()).toEqual([
      "Stockholm",
      "Dublin",
    ]);
  });

  it("S23 take maps from nobody in particular without harm", async () => {
    for (const [index, data] of hostileMaps.entries()) {
      await show({
        parts: [
          { type: "data-natter-map", data },
          { type: "text", text: `after ${index}` },
        ],
      });
      await page.getByText(`after ${index}`, { exact: true }).waitFor();
      await page.locator("figure svg path, details").first().waitFor();
    }
    expect(incidents).toEqual([]);
    expect(await page.locator("script:not([src]), a[href]").count()).toBe(0);
  });
});
