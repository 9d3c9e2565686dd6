import { pino } from "pino";
import { ConfigurationError } from "../config/configuration-error.ts";
import type { NatterConfig } from "../config/natter-config.ts";
import { NatterError } from "../foundation/errors.ts";
import { serializeError } from "../foundation/serialize-error.ts";
import { startServer, type HttpServer } from "../http/server.ts";
import { createNatter, type Running } from "../natter.ts";

/** Says what is wrong in the operator's words, and nothing else. */
const explain = (thrown: unknown): string => {
  if (thrown instanceof ConfigurationError) return `Natter can't start:\n  ${thrown.mistakes.join("\n  ")}`;
  if (thrown instanceof NatterError) return `Natter can't start: ${thrown.message}`;
  if (thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE")
    return `Natter can't start: ${thrown.message}; set PORT to a free one`;
  return `Natter can't start: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`;
};

const drainOnSignal = (running: Running, server: HttpServer): void => {
  let isStopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (isStopping) process.exit(1);
    isStopping = true;
    console.error(
      `${signal}: finishing what runs, at most ${running.config.http.drainSeconds} s; again to stop at once`,
    );
    await running.drain();
    await server.close(2);
    await running.close();
    process.exit(0);
  };
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop(signal));
};

const announce = ({ config, token }: Running, port: number): void => {
  const address = `http://${config.http.host.includes(":") ? `[${config.http.host}]` : config.http.host}:${port}`;
  console.log(`Natter answers on ${address}`);
  if (token !== null) console.log(`Open ${address}/login?token=${token}`);
};

/** Serves Natter until SIGTERM or SIGINT. */
export const start = async (config: NatterConfig): Promise<void> => {
  try {
    const logger = pino(
      {
        serializers: { err: serializeError, error: serializeError },
        level: process.env["LOG_LEVEL"] ?? "info",
        redact: ["*.authorization", "*.cookie"],
      },
      pino.destination({ fd: 2, sync: false }),
    );
    const running = await createNatter({ ...config, logger }).start();
    const server = await startServer(running.http, running.config.http);
    running.listening(server.port);
    drainOnSignal(running, server);
    announce(running, server.port);
  } catch (thrown) {
    console.error(explain(thrown));
    process.exit(1);
  }
};
