import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { loadTemplate, unpackTemplate } from "../../../src/drivers/pglite/pglite-template.ts";
import { findFreePort } from "../../../src/testing/servers/private-server.ts";

const main = join(import.meta.dirname, "../../../src/cli/main.ts");
const outputKept = 16_384;
const readyWithinMilliseconds = 100_000;

/** Natter as `npm start` serves it, alone with the demo model: one process at a time, always on the same port and data folder. */
export class AppProcess {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | null = null;
  #output = "";

  private constructor(port: number, directory: string, environment: Readonly<Record<string, string>>) {
    this.#port = port;
    this.#directory = directory;
    this.#environment = environment;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** Starts it in a new data folder; nothing of our own environment reaches it. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<AppProcess> {
    const directory = await mkdtemp(join(tmpdir(), "natter-app-"));
    const data = join(directory, "data");
    await mkdir(data);
    // how a new database is made is not what is looked at here
    await unpackTemplate(await loadTemplate(inject("pgliteTemplate")), join(data, "database"));
    const app = new AppProcess(await findFreePort(), directory, environment);
    await app.start();
    return app;
  }

  /** The link that it printed; it signs a browser in, or makes the first account. */
  get loginUrl(): string {
    const link = /(?:Open|owns all:) (\S+)/.exec(this.#output)?.[1];
    if (link === undefined) throw new Error(`Natter printed no link:\n${this.#output}`);
    return link;
  }

  /** Starts it again after `end`. Resolves when it says that it answers. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ["--liftoff-only", main, "start"], {
      cwd: this.#directory,
      env: {
        PATH: process.env["PATH"] ?? "",
        PORT: String(this.#port),
        NATTER_DATA_DIR: join(this.#directory, "data"),
        LOG_LEVEL: "warn",
        NATTER_LEASE_SECONDS: "2",
        ...this.#environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#output = "";
    const killAtExit = (): void => void child.kill("SIGKILL");
    process.once("exit", killAtExit);
    child.once("exit", () => process.removeListener("exit", killAtExit));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-outputKept);
        if (/\/login\?token=|\/sign-up#setup=/.test(this.#output)) resolve();
      });
    }
    child.once("exit", () => reject(new Error(`Natter ended while it started; it printed:\n${this.#output}`)));
    const timer = setTimeout(
      () => reject(new Error(`Natter did not start; it printed:\n${this.#output}`)),
      readyWithinMilliseconds,
    );
    await promise.finally(() => clearTimeout(timer));
  }

  /** Sends a signal that ends it, and waits until it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  }

  /** Ends it and forgets its data. */
  async remove(): Promise<void> {
    await this.end("SIGKILL");
    await rm(this.#directory, { recursive: true, force: true });
  }
}
