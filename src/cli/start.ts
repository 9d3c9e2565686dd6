import { parseArgs } from "node:util";
import { pino } from "pino";
import { serializeError } from "../foundation/serialize-error.ts";
import { startServer, type HttpServer } from "../http/server/server.ts";
import { createNatter } from "../natter.ts";
import type { Running } from "../run-natter.ts";
import { removeAddress, writeAddress } from "./address-file.ts";
import { failed, type RunCommand } from "./command.ts";
import { readConfigFile } from "./config-file.ts";
import { explain } from "./explain.ts";

const everyAddress = ["0.0.0.0", "::", "[::]"];

/** Where this machine reaches the server. */
const urlOf = ({ config }: Running, port: number): string => {
  const host = everyAddress.includes(config.http.host) ? "127.0.0.1" : config.http.host;
  return `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
};

const drainOnSignal = (running: Running, server: HttpServer, url: string): void => {
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.error(
      `${signal}: finishing what runs, at most ${running.config.http.drainSeconds} s; again to stop at once`,
    );
    await running.drain();
    await server.close(2);
    await removeAddress(running.config.stores.dataDirectory, url);
    await running.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop(signal));
};

const isWorker = ({ config }: Running): boolean => config.worker.role === "worker";

/** Where the first account is made, while there is none. */
const setupLink = async ({ accounts }: Running, url: string): Promise<string | null> =>
  accounts !== null && (await accounts.accounts.signUpNeeds()) === "setup"
    ? `${url}/sign-up#setup=${accounts.setupToken}`
    : null;

/** All at once: whoever waits for the first line may read no further. */
const announce = async (running: Running, url: string): Promise<void> => {
  if (isWorker(running)) return console.log(`Natter works; ${url}/readyz tells how it is`);
  const { token } = running;
  const link = await setupLink(running, url);
  const lines = [
    `Natter answers on ${url}`,
    ...(token === null ? [] : [`Open ${url}/login?token=${token}`]),
    ...(link === null ? [] : [`Make the first account, which owns all: ${link}`]),
  ];
  console.log(lines.join("\n"));
};

const createLogger = () =>
  pino(
    {
      serializers: { err: serializeError, error: serializeError },
      level: process.env["LOG_LEVEL"] ?? "info",
      redact: ["*.authorization", "*.cookie"],
    },
    pino.destination({ fd: 2, sync: false }),
  );

/** What the command line says overrules the environment. */
const environmentOf = (args: readonly string[]): Record<string, string | undefined> => {
  const options = { role: { type: "string" }, port: { type: "string" }, host: { type: "string" } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const given = { NATTER_ROLE: values.role, PORT: values.port, HOST: values.host };
  return { ...process.env, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
};

/** Serves Natter until SIGTERM or SIGINT. */
export const start: RunCommand = async (args) => {
  const env = environmentOf(args);
  try {
    const running = await createNatter({ ...(await readConfigFile()), env, logger: createLogger() }).start();
    const server = await startServer(running.http, running.config.http);
    running.listening(server.port);
    const url = urlOf(running, server.port);
    if (!isWorker(running)) await writeAddress(running.config.stores.dataDirectory, url);
    drainOnSignal(running, server, url);
    await announce(running, url);
    return 0;
  } catch (thrown) {
    // what was opened before it failed would keep the process alive
    console.error(explain(thrown, "Natter can't start"));
    process.exit(failed);
  }
};
