import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { AppProcess } from "./app/app-process.ts";
import { chromiumPath, openContext, type Device } from "./app/chromium.ts";
import { makePagesData, type PagesData } from "./app/pages-data.ts";
import { pageRows, show, type PageRow } from "./app/pages.ts";
import { findViolations } from "./app/talk.ts";
import { withApp } from "./app/with-app.ts";

/** Where to leave a picture of each, for whoever wants to look; absent: nowhere. */
const pictures = process.env["NATTER_PICTURES"];

const devices: readonly Device["name"][] = ["desktop", "phone"];
const schemes = ["light", "dark"] as const;

/** That nobody is signed in, or that a link is not good any more, the browser itself logs. */
const isRefusal = (text: string): boolean => /^Failed to load resource: .* (400|401|404) /.test(text);

/** Everything that a page logged as an error. */
const watch = (page: Page, isStranger: boolean): string[] => {
  const errors: string[] = [];
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !(isStranger && isRefusal(text))) errors.push(text);
  });
  page.on("pageerror", (error) => errors.push(error.message));
  return errors;
};

const isOfStrangers = ({ isStranger }: PageRow): boolean => isStranger === true;

describe.skipIf(chromiumPath === null)("every page of people and data", () => {
  let app: AppProcess;
  let browser: Browser;
  let data: PagesData;
  /** Of the page that there is only before the first account. */
  const wrongAtFirst = new Map<Device["name"], readonly string[]>();

  /** What is wrong with what is shown, in the light and in the dark. */
  const look = async (page: Page, device: Device["name"], name: string): Promise<string[]> => {
    const wrong: string[] = [];
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      if (pictures !== undefined) {
        await mkdir(pictures, { recursive: true });
        await page.screenshot({ path: join(pictures, `${name.replaceAll(/\W+/g, "-")}-${device}-${colorScheme}.png`) });
      }
      // of what stands there only the colours are other ones in the dark
      const violations = await findViolations(page, colorScheme === "dark" ? ["color-contrast"] : undefined);
      wrong.push(...violations.map((violation) => `${name}, ${colorScheme}: ${violation}`));
    }
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    return over > 0 ? [...wrong, `${name}: ${over} pixels too wide`] : wrong;
  };

  const visit = async (device: Device["name"], rows: readonly PageRow[], isStranger: boolean): Promise<string[]> => {
    const context = await openContext(browser, { name: device, colorScheme: "light" });
    if (!isStranger) await context.addCookies([...data.cookies]);
    const page = await context.newPage();
    const errors = watch(page, isStranger);
    const wrong: string[] = [];
    for (const row of rows) {
      const address = new URL(row.path(data), app.url);
      // one that differs from the address before only behind its # would load nothing
      if (address.hash !== "") await page.goto(`${app.url}/icon.svg`);
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(address.href);
      try {
        await show(page, row, device === "phone");
        wrong.push(...(await look(page, device, row.name)));
      } catch (thrown) {
        wrong.push(`${row.name}: ${String(thrown)}`);
      }
      wrong.push(...errors.splice(0).map((error) => `${row.name}: ${error}`));
    }
    await context.close();
    return wrong;
  };

  withApp(
    async (served) => {
      ({ app, browser } = served);
      for (const device of devices) {
        const context = await openContext(browser, { name: device, colorScheme: "light" });
        const page = await context.newPage();
        await page.goto(app.loginUrl);
        await page.getByRole("heading", { level: 1 }).waitFor();
        wrongAtFirst.set(device, await look(page, device, "the first account"));
        await context.close();
      }
      data = await makePagesData(served);
    },
    { NATTER_ACCOUNTS: "invited" },
  );

  test.each(devices)(
    "has on a %s, in the light and in the dark, no axe violation, no sideways scrolling and no error",
    async (device) => {
      const strangers = await visit(device, pageRows.filter(isOfStrangers), true);
      const members = await visit(
        device,
        pageRows.filter((row) => !isOfStrangers(row)),
        false,
      );
      expect([wrongAtFirst.get(device), ...strangers, ...members]).toEqual([[]]);
    },
    400_000,
  );
});
