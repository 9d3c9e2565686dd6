import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "../../src/testing/servers/private-server.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A folder to run commands in, with a data folder and a port that nobody else has. */
export class Desk {
  readonly folder: string;
  readonly dataDirectory: string;
  readonly port: number;
  #server: ChildProcess | null = null;

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.dataDirectory = join(folder, "data");
    this.port = port;
  }

  static async create(): Promise<Desk> {
    return new Desk(await mkdtemp(join(tmpdir(), "natter-cli-")), await findFreePort());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Runs a command to its end. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Said> {
    const child = this.#spawn(args, env);
    const said = { out: "", error: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.out += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.error += text));
    await once(child, "close");
    return { code: child.exitCode, ...said };
  }

  /** Starts a server; resolves with what it printed when it answers. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<string> {
    const child = this.#spawn(["start"], env);
    this.#server = child;
    let out = "";
    for await (const text of child.stdout?.setEncoding("utf8") ?? []) {
      out += String(text);
      if (out.includes("Natter answers on")) return out;
    }
    throw new Error("the server ended before it answered");
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null || server.exitCode !== null) return;
    const ended = once(server, "exit");
    server.kill(signal);
    await ended;
  }

  async close(): Promise<void> {
    await this.stop("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Nothing else of our own environment: a DATABASE_URL in it would change what is tested. */
  #spawn(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
    return spawn(process.execPath, ["--liftoff-only", main, ...args], {
      cwd: this.folder,
      env: {
        PATH: process.env["PATH"] ?? "",
        NATTER_DATA_DIR: this.dataDirectory,
        PORT: String(this.port),
        LOG_LEVEL: "error",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}
