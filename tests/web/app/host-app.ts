import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Browser, BrowserContext } from "playwright-core";
import type { AgentDefinition } from "../../../src/agents/define-agent.ts";
import { createNatter, type NatterOptions } from "../../../src/natter.ts";
import type { AddressInfo } from "node:net";
import { openContext, type Device } from "./chromium.ts";

const root = join(import.meta.dirname, "../../..");
const workspaceId = "workspace-of-the-host";

/** An application of its own that knows its users by a cookie, with Natter inside. */
export interface HostApp {
  readonly url: string;
  /** A browser that the host knows as this person, a member of the one workspace. */
  signIn(browser: Browser, name: string, device: Device): Promise<BrowserContext>;
  /** Asks as that person. */
  ask(name: string, path: string, body?: unknown, method?: string): Promise<Response>;
  close(): Promise<void>;
}

/** With the demo model, unless `more` names providers. */
export const serveHostApp = async (
  agents: Readonly<Record<string, AgentDefinition>>,
  more: Pick<NatterOptions, "providers" | "models" | "features"> = {},
): Promise<HostApp> => {
  await promisify(execFile)(process.execPath, [join(root, "scripts/build-web.ts")]);
  const dataDirectory = await mkdtemp(join(tmpdir(), "natter-host-"));
  const natter = createNatter({
    dataDirectory,
    env: {},
    agents,
    ...more,
    auth: {
      resolve: ({ headers }) => {
        const name = /(?:^|; )person=(\w+)/.exec(headers.get("cookie") ?? "")?.[1];
        return name === undefined ? null : { userId: name, name, workspaceId, role: "member" };
      },
    },
  });
  const handler = natter.node();
  const server = createServer(handler);
  server.on("upgrade", handler.upgrade);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    signIn: async (browser, name, device) => {
      const context = await openContext(browser, device);
      await context.addCookies([{ name: "person", value: name, url }]);
      return context;
    },
    ask: (name, path, body, method = body === undefined ? "GET" : "POST") =>
      fetch(`${url}${path}`, {
        method,
        headers: { cookie: `person=${name}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    close: async () => {
      await natter.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
};
