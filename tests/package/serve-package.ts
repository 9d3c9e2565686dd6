import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { findFreePort } from "../../src/testing/servers/private-server.ts";
import type { Consumer } from "./consumer.ts";

/** A `natter start` of the installed package. */
export interface ServedPackage {
  readonly url: string;
  readonly token: string;
  end(): Promise<void>;
}

/** Serves it in the consumer's folder, with nothing of our own environment. */
export const servePackage = async (
  { folder }: Consumer,
  [program = "", ...args]: readonly string[],
): Promise<ServedPackage> => {
  const port = await findFreePort();
  const child = spawn(program, [...args, "start"], {
    cwd: folder,
    env: {
      PATH: process.env["PATH"] ?? "",
      PORT: String(port),
      NATTER_DATA_DIR: join(folder, "data"),
      LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  // of all who hold its output: npx ends before the server that it started
  const closed = once(child, "close");
  const end = async (): Promise<void> => {
    if (child.pid !== undefined && child.signalCode === null) process.kill(-child.pid, "SIGTERM");
    await closed;
  };
  const { promise: token, resolve, reject } = Promise.withResolvers<string>();
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    const found = /token=(\S+)/.exec(said)?.[1];
    if (found !== undefined) resolve(found);
  });
  child.once("exit", () => reject(new Error(`the package did not start; it said: ${said}`)));
  return { url: `http://127.0.0.1:${port}`, token: await token, end };
};

/** Asks the demo model; resolves with the whole stream of its answer. */
export const askPackage = async ({ url, token }: ServedPackage, text: string): Promise<string> => {
  const response = await fetch(`${url}/v1/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ message: { text } }),
  });
  return response.text();
};
