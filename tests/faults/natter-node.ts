import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findFreePort } from "../../src/testing/servers/private-server.ts";
import { testSecret } from "../../src/testing/servers/web.ts";
import { ask } from "./request.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");
const folder = join(import.meta.dirname, "fixture");
const outputKept = 16_384;
const readyWithinMilliseconds = 120_000;

/** Variables of a server process; asked anew for each start, of which the first is 1. */
export type NodeEnvironment = (start: number) => Readonly<Record<string, string>>;

/** Nothing else of our own environment: a REDIS_URL in it would change what is tested. */
const environmentOf = (port: number, more: Readonly<Record<string, string>>): Record<string, string> => ({
  PATH: process.env["PATH"] ?? "",
  PORT: String(port),
  LOG_LEVEL: "warn",
  NATTER_JWT_SECRET: testSecret,
  // one user is the load of many
  NATTER_SENDS_PER_MINUTE: "0",
  NATTER_VIEWERS_PER_USER: "10000",
  NATTER_RUNNING_PER_USER: "10000",
  // a server that is started a thousand times need not be compiled a thousand times
  NODE_COMPILE_CACHE: join(tmpdir(), "natter-faults-compile-cache"),
  ...more,
});

/** One server process at a time, always on the same port, that can be started again after it died. */
export class NatterNode {
  readonly url: string;
  /** Milliseconds from each start to readiness. */
  readonly starts: number[] = [];
  readonly #port: number;
  readonly #directory: string;
  readonly #environment: NodeEnvironment;
  #count = 0;
  #child: ChildProcess | null = null;
  #output = "";

  private constructor(port: number, environment: NodeEnvironment, directory: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#port = port;
    this.#directory = directory;
    this.#environment = environment;
  }

  /** `port`: any free one by default. `directory`: where its configuration lies, by default that of the fault lab. */
  static async create(
    environment: Readonly<Record<string, string>> | NodeEnvironment,
    { port, directory = folder }: { readonly port?: number; readonly directory?: string } = {},
  ): Promise<NatterNode> {
    const environmentAt = typeof environment === "function" ? environment : () => environment;
    return new NatterNode(port ?? (await findFreePort()), environmentAt, directory);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How often it was started. */
  get count(): number {
    return this.#count;
  }

  /** The last of what it printed. */
  get output(): string {
    return this.#output;
  }

  /** Resolves when `/readyz` answers 200. */
  async start(): Promise<void> {
    const begun = performance.now();
    this.#count += 1;
    const child = spawn(process.execPath, ["--liftoff-only", main, "start"], {
      cwd: this.#directory,
      env: environmentOf(this.#port, this.#environment(this.#count)),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const killAtExit = (): void => void child.kill("SIGKILL");
    process.once("exit", killAtExit);
    child.once("exit", () => process.removeListener("exit", killAtExit));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-outputKept);
      });
    }
    while (!(await this.isReady())) {
      if (child.exitCode !== null || performance.now() - begun > readyWithinMilliseconds)
        throw new Error(`Natter did not become ready; it printed:\n${this.#output}`);
      await sleep(10);
    }
    this.starts.push(performance.now() - begun);
  }

  async isReady(): Promise<boolean> {
    const answer = await ask(`${this.url}/readyz`).catch(() => null);
    return answer?.status === 200;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Sends a signal that ends it; resolves with its exit code, null when the signal itself ended it. */
  async end(name: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, "exit");
    child.kill(name);
    await exited;
    return child.exitCode;
  }
}
