import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { findFreePort } from "../src/testing/servers/private-server.ts";

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface ServerOptions {
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it runs; default: here. */
  readonly folder?: string;
  /** The path that answers 200 when the server is ready. */
  readonly ready: string;
}

const outputKept = 4_096;
const readyWithinMilliseconds = 60_000;
const stopsWithinMilliseconds = 30_000;

const isReady = async (url: string): Promise<boolean> => {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
};

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

const stop = async (child: ChildProcess): Promise<void> => {
  if (!isRunning(child)) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), stopsWithinMilliseconds);
  await ended;
  clearTimeout(timer);
};

/** Starts a Node program on a free port, given to it as `PORT`, and resolves when it is ready. */
export const startServer = async ({ args, environment, folder, ready }: ServerOptions): Promise<ServerProcess> => {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  // Nothing else of our own environment: a DATABASE_URL in it would change what is measured.
  const env = { PATH: process.env["PATH"], ...environment, PORT: String(port) };
  const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = (): void => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.removeListener("exit", kill));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-outputKept)));
  }
  const deadline = performance.now() + readyWithinMilliseconds;
  while (!(await isReady(`${url}${ready}`))) {
    if (!isRunning(child) || performance.now() > deadline || child.pid === undefined) {
      await stop(child);
      throw new Error(`${args.join(" ")} did not become ready; it printed:\n${output}`);
    }
    await wait(20);
  }
  return { url, pid: child.pid ?? 0, stop: () => stop(child) };
};
