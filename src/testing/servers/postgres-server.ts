import { execFile } from "node:child_process";
import { chown, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { NatterError } from "../../foundation/errors.ts";
import { findPostgresFolder } from "./find-program.ts";
import { onFreePort, type PrivateServer, startPrivateServer } from "./private-server.ts";

export interface PostgresOptions {
  /** Real durability, as in production; without it commits cost no disk write. */
  readonly fsync?: boolean;
  readonly maxConnections?: number;
}

/** A server that can go and come back on its port with what it holds. */
export interface PostgresServer extends PrivateServer {
  /** Ends the process and starts another: after a `crash` it recovers, and tables that are not logged are empty. */
  readonly restart: (how: "crash" | "clean") => Promise<void>;
}

const run = promisify(execFile);

// PostgreSQL refuses to run as root, so root hands its folder and process to an ordinary user.
const unprivilegedUser = async (): Promise<{ uid: number; gid: number } | undefined> => {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const account = ["postgres", "nobody"]
    .map((name) => accounts.find((fields) => fields[0] === name))
    .find((fields) => fields !== undefined);
  if (!account) throw new NatterError("unavailable", "PostgreSQL needs a user other than root; add one named postgres");
  return { uid: Number(account[2]), gid: Number(account[3]) };
};

const settings = (port: number, { fsync = false, maxConnections = 200 }: PostgresOptions): string[] => {
  const durability = fsync ? [] : ["fsync=off", "synchronous_commit=off", "full_page_writes=off"];
  return [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    `port=${port}`,
    `max_connections=${maxConnections}`,
    ...durability,
  ].flatMap((setting) => ["-c", setting]);
};

/**
 * Starts a PostgreSQL server of our own in a new folder, as user `postgres` without a password.
 * Throws `unavailable` where PostgreSQL is not installed or does not start.
 */
export const startPostgres = async (options: PostgresOptions = {}): Promise<PostgresServer> => {
  const programs = findPostgresFolder();
  if (!programs) throw new NatterError("unavailable", "PostgreSQL's programs initdb and postgres were not found");
  const folder = await mkdtemp(join(tmpdir(), "natter-postgres-"));
  const data = join(folder, "data");
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const user = await unprivilegedUser();
    if (user) await chown(folder, user.uid, user.gid);
    const initialise = ["-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
    await run(join(programs, "initdb"), initialise, { cwd: folder, ...user });
    return await onFreePort(async (port) => {
      const start = () =>
        startPrivateServer({
          program: join(programs, "postgres"),
          args: ["-D", data, ...settings(port, options)],
          folder,
          stopSignal: "SIGQUIT",
          ...(user ? { user } : {}),
        });
      let server = await start();
      return {
        url: `postgres://postgres@127.0.0.1:${port}/postgres`,
        get pid() {
          return server.pid;
        },
        stop: () => server.stop().then(remove),
        restart: async (how) => {
          await server.stop(how === "clean" ? "SIGINT" : "SIGQUIT");
          server = await start();
        },
      };
    });
  } catch (error) {
    await remove();
    throw error;
  }
};
