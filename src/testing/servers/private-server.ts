import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { NatterError } from "../../foundation/errors.ts";
import { findProgram } from "./find-program.ts";

/** A server of our own on a free port of the loopback interface. */
export interface PrivateServer {
  readonly url: string;
  readonly pid: number;
  /** Ends the process, by another signal than its usual one if one is given, and removes what it wrote; again is harmless. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly stopSignal: NodeJS.Signals;
  readonly user?: { readonly uid: number; readonly gid: number };
}

const outputKept = 8_192;
const readyLine = /ready to accept connections/i;
const readyWithinMilliseconds = 30_000;

/** A port of the loopback interface that nothing listens on at this moment. */
export const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") {
    throw new NatterError("unavailable", "The system gave no free port; is the loopback interface up?");
  }
  return address.port;
};

// A parent ended by SIGKILL runs no clean-up; where util-linux is at hand the kernel then ends the server for it.
const tethered = ({ program, args, stopSignal }: ServerCommand): readonly [string, readonly string[]] => {
  const setpriv = process.platform === "linux" ? findProgram(["setpriv"]) : null;
  return setpriv ? [setpriv, ["--pdeathsig", stopSignal.replace("SIG", ""), program, ...args]] : [program, args];
};

/** Starts PostgreSQL or Redis and resolves when it accepts connections; rejects with what it printed when it does not. */
export const startPrivateServer = async (command: ServerCommand): Promise<Omit<PrivateServer, "url">> => {
  const [program, args] = tethered(command);
  const child = spawn(program, args, { cwd: command.folder, stdio: ["ignore", "pipe", "pipe"], ...command.user });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  const killAtExit = (): void => void child.kill(command.stopSignal);
  process.once("exit", killAtExit);

  const stop = async (signal = command.stopSignal): Promise<void> => {
    process.removeListener("exit", killAtExit);
    child.kill(signal);
    await ended;
  };

  let output = "";
  try {
    await new Promise<void>((resolve, reject) => {
      const fail = (cause: unknown): void =>
        reject(
          new NatterError("unavailable", `${command.program} did not start; it printed:\n${output.trim()}`, { cause }),
        );
      const timer = setTimeout(fail, readyWithinMilliseconds, "timeout");
      const read = (text: string): void => {
        output = (output + text).slice(-outputKept);
        if (readyLine.test(output)) resolve();
      };
      child.stdout.setEncoding("utf8").on("data", read);
      child.stderr.setEncoding("utf8").on("data", read);
      child.once("error", fail);
      void ended.then(fail).finally(() => clearTimeout(timer));
    });
  } catch (error) {
    await stop();
    throw error;
  }
  if (child.pid === undefined) throw new NatterError("unavailable", `${command.program} has no process id`);
  return { pid: child.pid, stop };
};

/** Another process may take a free port before its server does: tries `start` with a new one, three times at most. */
export const onFreePort = async <Result>(start: (port: number) => Promise<Result>, attempts = 3): Promise<Result> => {
  const port = await findFreePort();
  try {
    return await start(port);
  } catch (error) {
    if (attempts <= 1) throw error;
    return onFreePort(start, attempts - 1);
  }
};
