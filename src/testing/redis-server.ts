import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NatterError } from "../foundation/errors.ts";
import { findRedis } from "./find-program.ts";
import { onFreePort, type PrivateServer, startPrivateServer } from "./private-server.ts";

/** Starts a Redis server of our own that keeps nothing on disk. Throws `unavailable` where Redis is not installed. */
export const startRedis = async (): Promise<PrivateServer> => {
  const program = findRedis();
  if (!program) throw new NatterError("unavailable", "Redis's program redis-server was not found");
  const folder = await mkdtemp(join(tmpdir(), "natter-redis-"));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    return await onFreePort(async (port) => {
      const { pid, stop } = await startPrivateServer({
        program,
        args: ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        folder,
        stopSignal: "SIGKILL",
      });
      return { url: `redis://127.0.0.1:${port}`, pid, stop: () => stop().then(remove) };
    });
  } catch (error) {
    await remove();
    throw error;
  }
};
