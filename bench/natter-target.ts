import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import type { PrivateServer } from "../src/testing/servers/private-server.ts";
import { createTestDatabase } from "../src/testing/databases/test-database.ts";
import { type ServerProcess, startServer } from "./server-process.ts";
import type { RunningTarget } from "./targets.ts";

const send = { message: { text: "hi" }, model: "compatible/{{model}}" };
const secret = "a secret of the bench, 32 bytes or more";

/** A token of the user `bench` for a Natter that was started by `startNatter`. */
export const signToken = (): Promise<string> =>
  new SignJWT({ sub: "bench" })
    .setProtectedHeader({ alg: "HS256" })
    .setIssuedAt()
    .setExpirationTime("12h")
    .sign(new TextEncoder().encode(secret));

/** What a Natter of the bench is told, whatever it runs on. */
export const environmentOf = (folder: string): Readonly<Record<string, string>> => ({
  NATTER_DATA_DIR: folder,
  NATTER_JWT_SECRET: secret,
  // one user is the load of many
  NATTER_SENDS_PER_MINUTE: "0",
  NATTER_VIEWERS_PER_USER: "10000",
  NATTER_OPEN_PER_USER: "100000",
  NATTER_RUNNING_PER_USER: "10000",
});

/** Starts Natter as its users do, with its data in a new folder; on the stores given, or on PGlite and memory. */
export const startNatter = async (
  upstream: string,
  database: PrivateServer | null,
  redis: PrivateServer | null = null,
): Promise<RunningTarget> => {
  const folder = await mkdtemp(join(tmpdir(), "natter-bench-"));
  const stopAll = async (server?: ServerProcess): Promise<void> => {
    await server?.stop();
    await Promise.all([database?.stop(), redis?.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const server = await startServer({
      args: [join(import.meta.dirname, "../src/cli/main.ts"), "start"],
      folder: join(import.meta.dirname, "fixture"),
      environment: {
        ...environmentOf(folder),
        OPENAI_COMPATIBLE_BASE_URL: `${upstream}/v1`,
        OPENAI_COMPATIBLE_API_KEY: "x",
        ...(database ? { DATABASE_URL: await createTestDatabase(database.url) } : {}),
        ...(redis ? { REDIS_URL: redis.url } : {}),
      },
      ready: "/readyz",
    });
    return {
      server,
      database,
      url: `${server.url}/v1/chat`,
      headers: { authorization: `Bearer ${await signToken()}` },
      body: JSON.stringify(send),
      followUp: JSON.stringify({ conversationId: "{{conversation}}", ...send }),
      stop: () => stopAll(server),
    };
  } catch (error) {
    await stopAll();
    throw error;
  }
};
