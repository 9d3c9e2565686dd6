import type { BrowserContext } from "playwright-core";
import { vi } from "vitest";
import type { AppProcess } from "./app-process.ts";
import { openContext, devices } from "./chromium.ts";
import type { Served } from "./with-app.ts";

export const password = "a long enough password";

/** What the pages show: one workspace with something of everything in it. */
export interface PagesData {
  readonly cookies: Awaited<ReturnType<BrowserContext["cookies"]>>;
  readonly conversationId: string;
  readonly sharedPath: string;
  readonly joinPath: string;
  /** Of a completion with a tool and a question in it. */
  readonly completionId: string;
}

type Made = Readonly<Record<string, string>>;

/** Asks the server as a page does that is signed in. */
const askerOf =
  (context: BrowserContext, app: AppProcess) =>
  async (method: string, path: string, data?: unknown): Promise<Made> => {
    const response = await context.request.fetch(`${app.url}${path}`, {
      method,
      headers: { "content-type": "application/json", origin: app.url },
      ...(data === undefined ? {} : { data: JSON.stringify(data) }),
    });
    if (!response.ok()) throw new Error(`${method} ${path} answered with ${response.status()}`);
    return response.status() === 204 ? {} : ((await response.json()) as Made);
  };

type Asker = ReturnType<typeof askerOf>;

const talk = async (ask: Asker, text: string, conversationId?: string): Promise<Made> =>
  ask("POST", "/v1/chat", { stream: false, conversationId, message: { text } });

/** Begins something that does not end by itself. */
const begin = async (ask: Asker, text: string): Promise<Made> => {
  const { id } = await ask("POST", "/v1/conversations", { title: `What ${text} does` });
  return ask("POST", `/v1/conversations/${id}/completions`, { message: { text } });
};

const fillWorkspace = async (ask: Asker): Promise<Omit<PagesData, "cookies">> => {
  const { workspaceId = "" } = await ask("GET", "/v1/me");
  const { conversationId = "" } = await talk(ask, "artifact");
  await talk(ask, "artifact change", conversationId);
  await talk(ask, "the quick brown walrus", conversationId);
  await talk(ask, "time");
  for (const text of ["hang", "background 600"]) await begin(ask, text);
  const { completionId: failing = "" } = await begin(ask, "fail 3");
  const hasFailed = async (): Promise<boolean> =>
    (await ask("GET", `/v1/completions/${failing}`))["status"] === "failed";
  await vi.waitUntil(hasFailed, { timeout: 60_000 });
  const { completionId = "" } = await begin(ask, "approve");
  const { token: shared } = await ask("POST", `/v1/conversations/${conversationId}/shares`, {});
  await ask("POST", "/v1/api-keys", { name: "CI <b>key</b>" });
  await ask("POST", "/v1/workspaces", { name: "Platform" });
  const { path = "" } = await ask("POST", `/v1/workspaces/${workspaceId}/invitations`, { note: "Ben of sales" });
  return { conversationId, sharedPath: `/shared/${shared}`, joinPath: path, completionId };
};

/** Makes the first account and all that its pages show. */
export const makePagesData = async ({ app, browser }: Served): Promise<PagesData> => {
  const context = await openContext(browser, devices[0]!);
  const page = await context.newPage();
  await page.goto(app.loginUrl);
  await page.getByLabel("Name", { exact: true }).fill("Anna");
  await page.getByLabel("E-mail").fill("anna@example.org");
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForSelector("#composer");
  const made = await fillWorkspace(askerOf(context, app));
  const cookies = await context.cookies();
  await context.close();
  return { ...made, cookies };
};
