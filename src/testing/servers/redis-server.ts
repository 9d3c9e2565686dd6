import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NatterError } from "../../foundation/errors.ts";
import { findRedis } from "./find-program.ts";
import { onFreePort, type PrivateServer, startPrivateServer } from "./private-server.ts";

/** A server that can go and come back on its port, empty. */
export interface RedisServer extends PrivateServer {
  readonly restart: () => Promise<void>;
}

/** Starts a Redis server of our own that keeps nothing on disk. Throws `unavailable` where Redis is not installed. */
export const startRedis = async (): Promise<RedisServer> => {
  const program = findRedis();
  if (!program) throw new NatterError("unavailable", "Redis's program redis-server was not found");
  const folder = await mkdtemp(join(tmpdir(), "natter-redis-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return await onFreePort(async (port) => {
      const start = () =>
        startPrivateServer({
          program,
          args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
          folder,
          stopSignal: "SIGKILL",
        });
      let server = await start();
      return {
        url: `redis://127.0.0.1:${port}`,
        get pid() {
          return server.pid;
        },
        stop: () => server.stop().then(remove),
        restart: async () => {
          await server.stop();
          server = await start();
        },
      };
    });
  } catch (error) {
    await remove();
    throw error;
  }
};
