import { chromium, type Browser, type BrowserContext } from "playwright-core";
import { inject } from "vitest";

/** Where Chromium is; null: its tests are skipped. */
export const chromiumPath = inject("chromiumPath");

export const launchChromium = (): Promise<Browser> => {
  if (chromiumPath === null) throw new Error("Chromium is not installed");
  return chromium.launch({ executablePath: chromiumPath, args: ["--no-sandbox"] });
};

export interface Device {
  readonly name: "desktop" | "phone";
  readonly colorScheme: "light" | "dark";
}

/** Every way in which the app looks different. */
export const devices: readonly Device[] = [
  { name: "desktop", colorScheme: "light" },
  { name: "desktop", colorScheme: "dark" },
  { name: "phone", colorScheme: "light" },
  { name: "phone", colorScheme: "dark" },
];

const viewports = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** A browser of its own, as of another person or device. It closes whatever its pages still ask for. */
export const openContext = async (browser: Browser, { name, colorScheme }: Device): Promise<BrowserContext> => {
  const context = await browser.newContext({
    viewport: viewports[name],
    colorScheme,
    hasTouch: name === "phone",
    isMobile: name === "phone",
    reducedMotion: "reduce",
  });
  const close = context.close.bind(context);
  return Object.assign(context, {
    async close() {
      // a request that a test answers itself, and that is still on its way, would fail after its test
      await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: "ignoreErrors" })));
      await close();
    },
  });
};
