import type { TestProject } from "vitest/node";
import { NatterError } from "../foundation/errors.ts";
import { findChromium, findPostgresFolder, findRedis } from "./find-program.ts";
import { startPostgres } from "./postgres-server.ts";
import { startRedis } from "./redis-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A private server's maintenance database: give each test file its own with `createTestDatabase`. */
    postgresUrl: string | null;
    redisUrl: string | null;
    chromiumPath: string | null;
  }
}

const reportMissing = (missing: readonly string[]): void => {
  if (missing.length > 0 && process.env["NATTER_TEST_REQUIRE"] === "all") {
    throw new NatterError(
      "unavailable",
      `NATTER_TEST_REQUIRE=all, but ${missing.join(", ")} not found; install it, or unset the variable to skip its tests`,
    );
  }
  for (const name of missing) console.log(`skipped: the tests that need ${name}, which is not installed`);
};

/** Starts what the tests use and the machine has; `inject("postgresUrl")` and its like hand it to the test files. */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const chromium = findChromium();
  const found = { PostgreSQL: findPostgresFolder(), Redis: findRedis(), Chromium: chromium };
  reportMissing(Object.entries(found).flatMap(([name, path]) => (path === null ? [name] : [])));

  const starting = [found.PostgreSQL ? startPostgres() : null, found.Redis ? startRedis() : null] as const;
  const settled = await Promise.allSettled(starting);
  const stopAll = async (): Promise<void> => {
    await Promise.all(settled.map((server) => server.status === "fulfilled" && server.value?.stop()));
  };
  try {
    const [database, redis] = await Promise.all(starting);
    project.provide("postgresUrl", database?.url ?? null);
    project.provide("redisUrl", redis?.url ?? null);
    project.provide("chromiumPath", chromium);
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
};
