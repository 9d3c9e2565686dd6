import { describe, expect, test } from "vitest";
import { chromiumPath, devices, openContext } from "./app/chromium.ts";
import { makePagesData, password, type PagesData } from "./app/pages-data.ts";
import { withApp, type Served } from "./app/with-app.ts";

describe.skipIf(chromiumPath === null)("people in the console", () => {
  let served: Served;
  let data: PagesData;

  withApp(
    async (given) => {
      served = given;
      data = await makePagesData(given);
    },
    { NATTER_ACCOUNTS: "invited" },
  );

  test("N11 A5 somebody is suspended and let in again from their row, and the audit log tells both; nobody suspends themselves", async () => {
    const { app, browser } = served;
    const guest = await openContext(browser, devices[0]!);
    const joining = await guest.newPage();
    await joining.goto(`${app.url}${data.joinPath}`);
    await joining.getByLabel("Name", { exact: true }).fill("Ben");
    await joining.getByLabel("E-mail").fill("ben@example.org");
    await joining.getByLabel("Password").fill(password);
    await joining.getByRole("button", { name: "Create account" }).click();
    await joining.waitForSelector("#composer");
    const statusOf = async (): Promise<number> => (await guest.request.get(`${app.url}/v1/me`)).status();
    expect(await statusOf()).toBe(200);

    const context = await openContext(browser, devices[0]!);
    await context.addCookies([...data.cookies]);
    const page = await context.newPage();
    await page.goto(`${app.url}/console/users?text=ben%40`);
    await page.getByRole("table").getByRole("button", { name: "Ben" }).click();
    const drawer = page.getByRole("complementary");
    await drawer.getByRole("button", { name: "Suspend Ben" }).click();
    await drawer.getByRole("button", { name: "Suspend", exact: true }).click();
    await drawer.getByRole("button", { name: "Restore" }).waitFor();
    await expect.poll(statusOf).toBe(403);
    await drawer.getByRole("button", { name: "Restore" }).click();
    await drawer.getByRole("button", { name: "Suspend Ben" }).waitFor();
    await expect.poll(statusOf).toBe(200);

    await page.goto(`${app.url}/console/audit`);
    const actions = page
      .getByRole("table")
      .getByRole("cell", { name: /^member\.(un)?suspend$|^member\.(suspend|restore)$/ });
    await expect.poll(() => actions.count()).toBe(2);
    await page.goto(`${app.url}/console/users?text=anna%40`);
    await page.getByRole("table").getByRole("button", { name: "Anna" }).click();
    await drawer.getByText("API keys").waitFor();
    expect(await drawer.getByRole("button", { name: /Suspend/ }).count()).toBe(0);
    await guest.close();
    await context.close();
  }, 120_000);
});
