import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { AppProcess } from "./app-process.ts";
import { launchChromium } from "./chromium.ts";

/** What the tests of a block share. */
export interface Served {
  readonly app: AppProcess;
  readonly browser: Browser;
}

/** Serves one app and opens one browser for all tests of a block, which `take` them before the first. */
export const withApp = (
  take: (served: Served) => void | Promise<void>,
  environment: Readonly<Record<string, string>> = {},
): void => {
  let app: AppProcess | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    const opening = launchChromium().then((opened) => (browser = opened));
    const starting = AppProcess.start(environment).then((started) => (app = started));
    // also when one of them fails the other is there to be closed
    await Promise.allSettled([opening, starting]);
    await take({ app: await starting, browser: await opening });
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await app?.remove();
  });
};
